"""Texts of the test screen: a summary of each node, and its details with the request and the answer."""

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
from ccswitch_py.tui.screens.live_test.results import (
    NOT_TESTED,
    RUNNING,
    STOPPED,
    WAITING,
    CheckNode,
    Node,
    ProfileNode,
)
from ccswitch_py.tui.screens.texts import format_switches


class Look(NamedTuple):
    """How a status is shown; ``style`` is one of ``Table``."""

    sign: str
    style: str
    label: str


LOOKS = {
    "pass": Look("✓", "good", N_("passed")),
    "warn": Look("!", "warning", N_("warning")),
    "fail": Look("✗", "bad", N_("failed")),
    "skip": Look("–", "quiet", N_("skipped")),
    "untestable": Look("?", "warning", N_("untestable")),
    "works": Look("✓", "good", VERDICTS["works"]),
    "degraded": Look("!", "warning", VERDICTS["degraded"]),
    "broken": Look("✗", "bad", VERDICTS["broken"]),
    RUNNING: Look("…", "text", N_("running")),
    WAITING: Look("·", "quiet", N_("waiting")),
    STOPPED: Look("–", "quiet", N_("stopped")),
    NOT_TESTED: Look("✗", "bad", N_("not tested")),
}
_AFTER_A_SENTENCE = re.compile(r"(?<=\.) |(?<=。)")
_GOOD = ("works", "degraded")
_QUIET, _HEADING = "$foreground 60%", "bold $text-primary"
_COLOURS = {"good": "$text-success", "warning": "$text-warning", "bad": "$text-error", "quiet": _QUIET, "text": ""}


def node_title(node: Node) -> str:
    return printable(node.name if isinstance(node, ProfileNode) else f"{node.check} {node.model}".strip())


def summaries(node: Node) -> list[str]:
    """Return texts for a cell, the longest first; the last one fits any width."""
    if isinstance(node, ProfileNode):
        return [_profile_summary(node)]
    if node.result is None:
        return [_(LOOKS[RUNNING].label) if node.is_running else ""]
    detail, word = printable(node.result.detail), _(LOOKS[node.status].label)
    if node.result.status in (Status.PASS, Status.SKIP) or node.result.diagnosis is None:
        return [detail, _AFTER_A_SENTENCE.split(detail, maxsplit=1)[0], word]
    return [labelled(node.result.diagnosis, detail), node.result.diagnosis]


def status_label(node: Node) -> str:
    """Return the status as a sign and a word, or as the code of the diagnosis."""
    sign = LOOKS[node.status].sign
    if isinstance(node, ProfileNode):
        return f"{sign} {_(LOOKS[node.status].label)}"
    diagnosis = node.result.diagnosis if node.result else None
    known = diagnosis and node.status not in ("pass", "skip")
    return f"{sign} {diagnosis if known else _(LOOKS[node.status].label)}"


def details(node: Node) -> Content:
    return Content("\n").join(_profile_lines(node) if isinstance(node, ProfileNode) else _check_lines(node))


def profile_verdict(profile: ProfileNode) -> str:
    """Return the verdict on a profile, and the key of this screen that helps."""
    if profile.outcome is None:
        return _("Not tested.")
    if isinstance(profile.outcome, CcswitchError):
        return str(profile.outcome)
    if profile.fix:
        remedy = _("Press f to set {switches}.", switches=format_switches(profile.fix))
    else:
        remedy = _("Press g to ask Claude Code.") if profile.needs_real_client else ""
    return join_sentences(profile.outcome.sentence, remedy)


def overall_verdict(profiles: Iterable[ProfileNode]) -> tuple[str, bool]:
    """Return the verdict on all profiles, and whether it is bad."""
    all_profiles = list(profiles)
    if len(all_profiles) == 1:
        (one,) = all_profiles
        sentence = profile_verdict(one)
        return labelled(printable(one.name), sentence), one.status not in (*_GOOD, STOPPED)
    working = [one for one in all_profiles if one.status in _GOOD]
    requests = sum(one.outcome.report.requests for one in all_profiles if isinstance(one.outcome, Tested))
    verdict = _(
        "{working} of {all} profiles work ({requests}).",
        working=len(working),
        all=len(all_profiles),
        requests=ngettext("{count} request", "{count} requests", requests),
    )
    return verdict, len(working) < len(all_profiles)


def _profile_summary(profile: ProfileNode) -> str:
    match profile.outcome:
        case Tested():
            return profile.outcome.sentence
        case CcswitchError():
            return printable(profile.outcome.message)
        case _ if profile.is_running:
            ended = sum(check.result is not None for check in profile.checks)
            return _("testing, {ended} of {all} checks", ended=ended, all=len(profile.checks))
        case _:
            return _("waiting")


def _profile_lines(profile: ProfileNode) -> Iterator[Content]:
    style = _COLOURS[LOOKS[profile.status].style]
    yield Content.styled(status_label(profile), style)
    yield Content.styled(printable(_profile_summary(profile) if profile.outcome is None else profile_verdict(profile)))
    if profile.plan.planned:
        planned = request_budget(profile.plan.planned, profile.plan.extra)
        yield Content.styled(_("Test: {budget}.", budget=planned), _QUIET)
    yield Content()
    if profile.plan.base_url:
        yield Content.styled(_("Base URL"), _HEADING)
        yield Content.styled(f"  {printable(profile.plan.base_url)}")
    for check in profile.checks:
        if check.result is not None and check.result.status not in (Status.PASS, Status.SKIP):
            yield Content()
            yield Content.styled(labelled(node_title(check), status_label(check)), _COLOURS[LOOKS[check.status].style])
            yield from _sentences(check, "  ")


def _check_lines(check: CheckNode) -> Iterator[Content]:
    result, evidence = check.result, check.evidence
    took = "  " + _("{time} ms", time=f"{result.elapsed_ms:,}") if result and result.elapsed_ms else ""
    look = LOOKS[check.status]
    yield Content.styled(f"{look.sign} {_(look.label)}{took}", _COLOURS[look.style])
    yield from _sentences(check, "")
    if result and result.roles:
        yield Content.styled(_("Roles: {roles}", roles=join_list(result.roles)), _QUIET)
    if evidence is None:
        if result is not None:
            yield Content.styled(_("This check sends no request."), _QUIET)
        return
    yield Content()
    yield Content.styled(_("Address"), _HEADING)
    yield Content.styled(f"  {printable(evidence.url)}")
    yield Content.styled(f"  {evidence.times}", _QUIET)
    yield from _message(_("Request"), evidence.request_head, evidence.request_body)
    yield from _message(_("Answer"), evidence.answer_head or [_("none")], evidence.answer_body)


def _sentences(check: CheckNode, indent: str) -> Iterator[Content]:
    if check.result is not None and check.result.detail:
        yield Content.styled(f"{indent}{printable(check.result.detail)}")
    if check.result is not None and check.result.advice:
        yield Content.styled(f"{indent}→ {printable(check.result.advice)}")


def _message(title: str, head: Iterable[str], body: list[str]) -> Iterator[Content]:
    yield Content()
    yield Content.styled(title, _HEADING)
    for number, text in enumerate(head):
        yield Content.styled(f"  {printable(text)}", _QUIET if number else "")
    if body:
        yield Content()
    for text in body:
        yield Content.styled(f"  {printable(text)}")
