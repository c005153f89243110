"""Sends one prompt to a profile's model: chooses the model, reads the image, describes the answer."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from ccswitch_py.core.errors import BadInput, reason_of
from ccswitch_py.core.language import _, join_clauses, join_list, join_sentences, ngettext, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.names import check_model_id
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.prompt import Image, PromptResult
from ccswitch_py.services.live_test.plans import plan_of_profile
from ccswitch_py.targets.registry import DEFAULT_TARGET

MAX_IMAGE_MB = 5
"""The limit of the Messages API for one image."""

_ORDINARY_STOPS = ("end_turn", "stop_sequence", "max_tokens")


def plan_prompt(paths: Paths, name: str, *, role: str | None = None, model: str | None = None) -> tuple[ProbePlan, str]:
    """The plan for one prompt, and the model to ask: by default the main one.

    Fetches the key. Timeouts are longer than those of a test. Raises ``NotFound``, ``BadInput``, ``KeyUnavailable``.
    """
    if model is not None:
        check_model_id(model)
    plan = plan_of_profile(paths, name, target_id=DEFAULT_TARGET)
    timeouts = replace(plan.timeouts, read_s=120.0, whole_s=600.0)
    return replace(plan, timeouts=timeouts), model or _model_of(plan, role or "main")


def _model_of(plan: ProbePlan, role: str) -> str:
    chosen: dict[str, str] = {**plan.models}
    if role not in chosen:
        raise BadInput(
            _("The profile '{profile}' has no model for '{role}'.", profile=quoted(plan.profile), role=quoted(role)),
            _("It has one for each of {roles}.", roles=join_list(chosen)),
        )
    return chosen[role]


def read_image(path: str) -> Image:
    """Read an image file; raises ``BadInput`` for what cannot be sent."""
    limit = MAX_IMAGE_MB * 1024 * 1024
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadInput(
                _("'{file}' is not a regular file.", file=quoted(path)), _("Use a PNG, JPEG, GIF or WebP file.")
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
            _("Reduce its size. Nothing was sent."),
        )
    image = Image.recognised(content)
    if image is None:
        raise BadInput(
            _("'{file}' is not a supported image.", file=quoted(path)), _("Convert it to PNG, JPEG, GIF or WebP.")
        )
    return image


def summary_line(result: PromptResult, max_tokens: int) -> str:
    """Who answered, the cost, the speed and the end of an answer."""
    line = _("{who_answered}: {figures}.", who_answered=_who(result), figures=join_clauses(*_figures(result)))
    return join_sentences(line, _end(result, max_tokens))


def remarks(result: PromptResult, *, streaming: bool) -> list[str]:
    """Warnings about an answer."""
    found: list[str] = []
    if streaming and not result.streamed:
        found.append(_("The answer was not streamed, although streaming was requested."))
    if result.streamed and not streaming:
        found.append(_("The answer was streamed, although streaming was turned off."))
    if result.row.status is Status.WARN:
        found.append(failure_line(result))
    return found


def failure_line(result: PromptResult) -> str:
    """The failure and what to do about it."""
    return join_sentences(result.row.detail, result.row.advice)


def _who(result: PromptResult) -> str:
    answered = result.row.answered_model
    if answered in (result.requested_model, result.row.requested_model):
        return _("{model} answered", model=answered)
    if not answered:
        return _("A model without a name answered (asked for {model})", model=result.requested_model)
    return _("{model} answered (asked for {other})", model=answered, other=result.requested_model)


def _figures(result: PromptResult) -> list[str]:
    figures: list[str] = []
    if result.tokens_in is not None:
        tokens = ngettext(
            "{count} token in, {out} out", "{count} tokens in, {out} out", result.tokens_in, out=result.tokens_out
        )
        figures.append(tokens)
    if result.first_word_ms is not None:
        figures.append(_("first word after {time} ms", time=result.first_word_ms))
    if result.tokens_per_s is not None:
        figures.append(_("{count} tokens a second", count=f"{result.tokens_per_s:.0f}"))
    return [*figures, _("{seconds} s", seconds=f"{result.row.elapsed_ms / 1000:.1f}")]


def _end(result: PromptResult, max_tokens: int) -> str:
    if result.row.diagnosis is Diagnosis.LENGTH_STOP:
        return failure_line(result)
    if result.stop_reason == "max_tokens":
        return _("It was cut off by --max-tokens {limit}.", limit=max_tokens)
    if result.stop_reason and result.stop_reason not in _ORDINARY_STOPS:
        return _("Stop reason: {reason}.", reason=result.stop_reason)
    return ""
