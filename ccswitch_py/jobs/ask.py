"""Asking a model of a profile one thing: which model, with what, and what to say of the answer."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from ccswitch_py.errors import BadInput, reason_of
from ccswitch_py.jobs.check import plan_of_profile
from ccswitch_py.language import clauses, listed, plain, together, tr, tr_count
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.names import check_model_id
from ccswitch_py.model.role import Role
from ccswitch_py.paths import Paths
from ccswitch_py.probe.asked import Asked
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.prompt import Image

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
            tr("The profile '{profile}' has no model for '{role}'.", profile=plain(plan.profile), role=plain(role)),
            tr("It has one for each of {roles}.", roles=listed(chosen)),
        )
    return chosen[role]


def read_image(path: str) -> Image:
    """The picture in a file; raises ``BadInput`` for what cannot be sent as one."""
    limit = MAX_IMAGE_MB * 1024 * 1024
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadInput(
                tr("'{file}' is not a regular file.", file=plain(path)), tr("Name a PNG, JPEG, GIF or WebP file.")
            )
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else tr("not the name of a file")
        raise BadInput(
            tr("The image '{file}' cannot be read: {reason}.", file=plain(path), reason=reason), tr("Check its path.")
        ) from error
    if len(content) > limit:
        raise BadInput(
            tr("The image '{file}' is larger than {limit} MB.", file=plain(path), limit=MAX_IMAGE_MB),
            tr("Make it smaller; nothing was sent."),
        )
    image = Image.recognised(content)
    if image is None:
        raise BadInput(
            tr("'{file}' is no image that can be sent.", file=plain(path)), tr("Convert it to PNG, JPEG, GIF or WebP.")
        )
    return image


def closing_line(asked: Asked, max_tokens: int) -> str:
    """What the answer has cost, how fast it was, and how it ended, for an answer that there is."""
    line = tr("{who_answered}: {figures}.", who_answered=_who(asked), figures=clauses(*_figures(asked)))
    return together(line, _end(asked, max_tokens))


def remarks(asked: Asked, *, streaming: bool) -> list[str]:
    """What else is worth knowing of an answer that there is."""
    found: list[str] = []
    if streaming and not asked.streamed:
        found.append(tr("The answer came in one piece, although a stream was asked for."))
    if asked.streamed and not streaming:
        found.append(tr("The answer came as a stream, although it was asked for in one piece."))
    if asked.result.status is Status.WARN:
        found.append(trouble_line(asked))
    return found


def trouble_line(asked: Asked) -> str:
    """What went wrong, and what to do about it."""
    return together(asked.result.detail, asked.result.advice)


def _who(asked: Asked) -> str:
    answered = asked.result.answered_model
    if answered in (asked.requested_model, asked.result.requested_model):
        return tr("{model} answered", model=answered)
    if not answered:
        return tr("A model without a name answered (asked for {model})", model=asked.requested_model)
    return tr("{model} answered (asked for {other})", model=answered, other=asked.requested_model)


def _figures(asked: Asked) -> list[str]:
    figures: list[str] = []
    if asked.tokens_in is not None:
        tokens = tr_count(
            "{count} token in, {out} out", "{count} tokens in, {out} out", asked.tokens_in, out=asked.tokens_out
        )
        figures.append(tokens)
    if asked.first_word_ms is not None:
        figures.append(tr("first word after {time} ms", time=asked.first_word_ms))
    if asked.tokens_per_s is not None:
        figures.append(tr("{count} tokens a second", count=f"{asked.tokens_per_s:.0f}"))
    return [*figures, tr("{seconds} s", seconds=f"{asked.result.elapsed_ms / 1000:.1f}")]


def _end(asked: Asked, max_tokens: int) -> str:
    if asked.result.diagnosis is Diagnosis.LENGTH_STOP:
        return trouble_line(asked)
    if asked.stop_reason == "max_tokens":
        return tr("It was cut off by --max-tokens {limit}.", limit=max_tokens)
    if asked.stop_reason and asked.stop_reason not in _ORDINARY_STOPS:
        return tr("It gives {reason} as the reason why it stopped.", reason=asked.stop_reason)
    return ""
