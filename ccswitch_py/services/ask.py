"""Asking a model of a profile one thing: which model, with what, and what to say of the answer."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from ccswitch_py.core.errors import BadInput, reason_of
from ccswitch_py.core.language import _, join_clauses, join_list, join_sentences, ngettext, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.names import check_model_id
from ccswitch_py.model.role import Role
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.prompt import Image
from ccswitch_py.probe.prompt_result import PromptResult
from ccswitch_py.services.live_test.plans import plan_of_profile

MAX_IMAGE_MB = 5
"""What the Messages API takes of one picture."""

_ORDINARY_STOPS = ("end_turn", "stop_sequence", "max_tokens")


def plan_question(
    paths: Paths, name: str, *, role: str | None = None, model: str | None = None
) -> tuple[ProbePlan, str]:
    """How to reach the profile's gateway, and the model to ask: the main one unless told otherwise.

    Fetches the key. An answer may take minutes, so the plan is more patient than that of a test. Raises ``NotFound``,
    ``BadInput`` and ``KeyUnavailable``.
    """
    if model is not None:
        check_model_id(model)
    plan = plan_of_profile(paths, name)
    patience = replace(plan.patience, first_byte_s=120.0, between_s=120.0, whole_s=600.0)
    return replace(plan, patience=patience), model or _model_of(plan, role or Role.MAIN)


def _model_of(plan: ProbePlan, role: str) -> str:
    chosen = {one.value: model for one, model in plan.models.items()}
    if role not in chosen:
        raise BadInput(
            _("The profile '{profile}' has no model for '{role}'.", profile=quoted(plan.profile), role=quoted(role)),
            _("It has one for each of {roles}.", roles=join_list(chosen)),
        )
    return chosen[role]


def read_image(path: str) -> Image:
    """The picture in a file; raises ``BadInput`` for what cannot be sent as one."""
    limit = MAX_IMAGE_MB * 1024 * 1024
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadInput(
                _("'{file}' is not a regular file.", file=quoted(path)), _("Name a PNG, JPEG, GIF or WebP file.")
            )
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else _("not the name of a file")
        raise BadInput(
            _("The image '{file}' cannot be read: {reason}.", file=quoted(path), reason=reason), _("Check its path.")
        ) from error
    if len(content) > limit:
        raise BadInput(
            _("The image '{file}' is larger than {limit} MB.", file=quoted(path), limit=MAX_IMAGE_MB),
            _("Make it smaller; nothing was sent."),
        )
    image = Image.recognised(content)
    if image is None:
        raise BadInput(
            _("'{file}' is no image that can be sent.", file=quoted(path)), _("Convert it to PNG, JPEG, GIF or WebP.")
        )
    return image


def closing_line(asked: PromptResult, max_tokens: int) -> str:
    """What the answer has cost, how fast it was, and how it ended, for an answer that there is."""
    line = _("{who_answered}: {figures}.", who_answered=_who(asked), figures=join_clauses(*_figures(asked)))
    return join_sentences(line, _end(asked, max_tokens))


def remarks(asked: PromptResult, *, streaming: bool) -> list[str]:
    """What else is worth knowing of an answer that there is."""
    found: list[str] = []
    if streaming and not asked.streamed:
        found.append(_("The answer came in one piece, although a stream was asked for."))
    if asked.streamed and not streaming:
        found.append(_("The answer came as a stream, although it was asked for in one piece."))
    if asked.result.status is Status.WARN:
        found.append(trouble_line(asked))
    return found


def trouble_line(asked: PromptResult) -> str:
    """What went wrong, and what to do about it."""
    return join_sentences(asked.result.detail, asked.result.advice)


def _who(asked: PromptResult) -> str:
    answered = asked.result.answered_model
    if answered in (asked.requested_model, asked.result.requested_model):
        return _("{model} answered", model=answered)
    if not answered:
        return _("A model without a name answered (asked for {model})", model=asked.requested_model)
    return _("{model} answered (asked for {other})", model=answered, other=asked.requested_model)


def _figures(asked: PromptResult) -> list[str]:
    figures: list[str] = []
    if asked.tokens_in is not None:
        tokens = ngettext(
            "{count} token in, {out} out", "{count} tokens in, {out} out", asked.tokens_in, out=asked.tokens_out
        )
        figures.append(tokens)
    if asked.first_word_ms is not None:
        figures.append(_("first word after {time} ms", time=asked.first_word_ms))
    if asked.tokens_per_s is not None:
        figures.append(_("{count} tokens a second", count=f"{asked.tokens_per_s:.0f}"))
    return [*figures, _("{seconds} s", seconds=f"{asked.result.elapsed_ms / 1000:.1f}")]


def _end(asked: PromptResult, max_tokens: int) -> str:
    if asked.result.diagnosis is Diagnosis.LENGTH_STOP:
        return trouble_line(asked)
    if asked.stop_reason == "max_tokens":
        return _("It was cut off by --max-tokens {limit}.", limit=max_tokens)
    if asked.stop_reason and asked.stop_reason not in _ORDINARY_STOPS:
        return _("It gives {reason} as the reason why it stopped.", reason=asked.stop_reason)
    return ""
