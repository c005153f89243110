"""What the test screen says of a profile and of a check: in a line, and in full with all that was sent and came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual.content import Content

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_list, join_sentences, labelled, ngettext
from ccswitch_py.model.diagnosis import Status
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.batch import Tested
from ccswitch_py.services.live_test.plans import request_budget
from ccswitch_py.services.live_test.results import VERDICTS
from ccswitch_py.tui.screens.live_test.board import RUNNING, STOPPED, WAITING, Group, Line, Row
from ccswitch_py.tui.screens.setup.texts import switches_words

SIGNS = {
    "pass": "✓",
    "warn": "!",
    "fail": "✗",
    "skip": "–",
    "untestable": "?",
    RUNNING: "…",
    WAITING: "·",
    "works": "✓",
    "degraded": "!",
    "broken": "✗",
    "problem": "✗",
    STOPPED: "–",
}
COLOURS = {
    "pass": "good",
    "works": "good",
    "warn": "unsure",
    "degraded": "unsure",
    "untestable": "unsure",
    "fail": "bad",
    "broken": "bad",
    "problem": "bad",
    "skip": "quiet",
    STOPPED: "quiet",
    WAITING: "quiet",
}
_STATUS = {
    **VERDICTS,
    "pass": N_("passed"),
    "warn": N_("warning"),
    "fail": N_("failed"),
    "skip": N_("skipped"),
    "untestable": N_("untestable"),
    RUNNING: N_("running"),
    WAITING: N_("not asked yet"),
    STOPPED: N_("stopped"),
    "problem": N_("not tested"),
}
_AFTER_A_SENTENCE = re.compile(r"(?<=\.) |(?<=。)")
_GOOD = ("works", "degraded")
_QUIET, _HEADING = "$foreground 60%", "bold $text-primary"
_STYLES = {"good": "$text-success", "unsure": "$text-warning", "bad": "$text-error", "quiet": _QUIET, "": ""}


class Styled(NamedTuple):
    """One line of a text."""

    text: str
    style: str = ""


def title_of(row: Row) -> str:
    """What a row is about."""
    return printable(row.name if isinstance(row, Group) else f"{row.check} {row.model}".strip())


def in_short(row: Row) -> list[str]:
    """What a row says in the little room that it has: the longest first, and last what is always true."""
    if isinstance(row, Group):
        return [_group_in_short(row)]
    if row.result is None:
        return [_(_STATUS[RUNNING]) if row.is_running else ""]
    detail, word = printable(row.result.detail), _(_STATUS[row.status])
    if row.result.status in (Status.PASS, Status.SKIP) or row.result.diagnosis is None:
        return [detail, _AFTER_A_SENTENCE.split(detail, maxsplit=1)[0], word]
    return [labelled(row.result.diagnosis, detail), row.result.diagnosis]


def state_of(row: Row) -> str:
    """How a row ended, in a sign and a word or a code."""
    sign = SIGNS[row.status]
    if isinstance(row, Group):
        return f"{sign} {_(_STATUS[row.status])}"
    diagnosis = row.result.diagnosis if row.result else None
    known = diagnosis and row.status not in ("pass", "skip")
    return f"{sign} {diagnosis if known else _(_STATUS[row.status])}"


def in_full(row: Row) -> Content:
    """All that is known, with colours."""
    return Content("\n").join(Content.styled(line.text, line.style) for line in _lines(row))


def as_text(row: Row) -> str:
    """The same as plain text, to be read and copied."""
    return "\n".join(line.text for line in _lines(row))


def verdict_of(group: Group) -> str:
    """What came of a profile's test, in a sentence, and what can be done about it here."""
    if group.found is None:
        return _("It was not tested.")
    if isinstance(group.found, CcswitchError):
        return str(group.found)
    if group.fix:
        remedy = _("f sets {switches}.", switches=switches_words(group.fix))
    else:
        remedy = _("g asks Claude Code itself.") if group.needs_claude_code else ""
    return join_sentences(group.found.sentence, remedy)


def verdicts_of(groups: Iterable[Group]) -> tuple[str, bool]:
    """What came of all tests, and whether something is to be looked at."""
    all_groups = list(groups)
    if len(all_groups) == 1:
        (one,) = all_groups
        sentence = verdict_of(one)
        return labelled(printable(one.name), sentence), one.status not in (*_GOOD, STOPPED)
    working = [one for one in all_groups if one.status in _GOOD]
    requests = sum(one.found.report.requests for one in all_groups if isinstance(one.found, Tested))
    said = _(
        "{working} of {all} profiles work ({requests}).",
        working=len(working),
        all=len(all_groups),
        requests=ngettext("{count} request", "{count} requests", requests),
    )
    return said, len(working) < len(all_groups)


def _group_in_short(group: Group) -> str:
    match group.found:
        case Tested():
            return group.found.sentence
        case CcswitchError():
            return printable(group.found.message)
        case _ if group.is_running:
            ended = sum(line.result is not None for line in group.lines)
            return _("testing, {ended} of {all} checks", ended=ended, all=len(group.lines))
        case _:
            return _("waits for its turn")


def _lines(row: Row) -> Iterator[Styled]:
    return _group_lines(row) if isinstance(row, Group) else _check_lines(row)


def _group_lines(group: Group) -> Iterator[Styled]:
    style = _STYLES[COLOURS.get(group.status, "")]
    yield Styled(state_of(group), style)
    yield Styled(printable(verdict_of(group) if group.found is not None else _group_in_short(group)))
    if group.outline.planned:
        planned = request_budget(group.outline.planned, group.outline.extra)
        yield Styled(_("A test of it: {budget}.", budget=planned), _QUIET)
    yield Styled("")
    if group.outline.base_url:
        yield Styled(_("Base URL"), _HEADING)
        yield Styled(f"  {printable(group.outline.base_url)}")
    for line in group.lines:
        if line.result is not None and line.result.status not in (Status.PASS, Status.SKIP):
            yield Styled("")
            yield Styled(labelled(title_of(line), state_of(line)), _STYLES[COLOURS.get(line.status, "")])
            yield from _sentences(line, "  ")


def _check_lines(line: Line) -> Iterator[Styled]:
    result, evidence = line.result, line.evidence
    took = "  " + _("{time} ms", time=f"{result.elapsed_ms:,}") if result and result.elapsed_ms else ""
    yield Styled(f"{SIGNS[line.status]} {_(_STATUS[line.status])}{took}", _STYLES[COLOURS.get(line.status, "")])
    yield from _sentences(line, "")
    if result and result.roles:
        yield Styled(_("For the roles: {roles}", roles=join_list(result.roles)), _QUIET)
    if evidence is None:
        if result is not None:
            yield Styled(_("No request belongs to this check."), _QUIET)
        return
    yield Styled("")
    yield Styled(_("Asked"), _HEADING)
    yield Styled(f"  {printable(evidence.url)}")
    yield Styled(f"  {evidence.times}", _QUIET)
    yield from _message(_("Request"), evidence.request_head, evidence.request_body)
    yield from _message(_("Answer"), evidence.answer_head or [_("None.")], evidence.answer_body)


def _sentences(line: Line, indent: str) -> Iterator[Styled]:
    if line.result is not None and line.result.detail:
        yield Styled(f"{indent}{printable(line.result.detail)}")
    if line.result is not None and line.result.advice:
        yield Styled(f"{indent}→ {printable(line.result.advice)}")


def _message(title: str, head: Iterable[str], body: list[str]) -> Iterator[Styled]:
    yield Styled("")
    yield Styled(title, _HEADING)
    for number, text in enumerate(head):
        yield Styled(f"  {printable(text)}", _QUIET if number else "")
    if body:
        yield Styled("")
    for text in body:
        yield Styled(f"  {printable(text)}")
