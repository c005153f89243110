"""Finds which parts of a request a gateway refuses, with as few further requests as possible.

Pure: a generator says what to leave out next, and is told what came of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.probe.judge.refusals import READ
from ccswitch_py.targets.claude_code.request_shape import NO_SWITCH, SWITCHES, RequestPart, Switch

if TYPE_CHECKING:
    from collections.abc import Collection, Generator


class Unit(NamedTuple):
    """What can be left out at once: all that a switch drops, or one part for which there is no switch."""

    switch: Switch | None
    drops: frozenset[RequestPart]


class SearchOutcome(NamedTuple):
    """What came of a request; ``words`` are those of the refusal, and empty for an answer that was accepted."""

    is_accepted: bool
    words: str = ""


_BETA_HEADER = re.compile(r"anthropic[-_]beta|beta header|\bbetas?\b", re.IGNORECASE)
_FIELDS = (
    (RequestPart.DISPLAY, r"thinking\.(?:\w+\.)?display|\bdisplay\b"),
    (RequestPart.CONTEXT, r"context_management|clear_thinking"),
    (RequestPart.EFFORT, r"output_config|\beffort\b"),
    (RequestPart.CACHE, r"cache_control|prompt caching"),
    (RequestPart.DEFER, r"defer_loading|tool[_ ]search"),
    (RequestPart.SYSTEM_MESSAGE, r"messages[.\[]\d+\]?\.role|\brole\b"),
    (RequestPart.METADATA, r"\bmetadata\b|user_id"),
    (RequestPart.THINKING, r"\bthinking\b"),
    (RequestPart.TOOLS, r"\btools?\b(?!\.)"),
    (RequestPart.SYSTEM_BLOCKS, r"\bsystem\b(?= ?:)"),
)
_NAMED = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in _FIELDS)
_EXPERIMENTAL = next(switch for switch in SWITCHES if switch.name == "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS")


def named_parts(words: str) -> frozenset[RequestPart]:
    """The parts that a refusal names."""
    words = words[:READ]
    stems = {part: part.rsplit("-20", 1)[0] for part in RequestPart if part.is_beta}
    found = {part for part, stem in stems.items() if f"{stem}-20" in words}
    if found:
        return frozenset(found)
    found = {part for part, pattern in _NAMED if pattern.search(words)}
    return frozenset(found - {RequestPart.THINKING} if RequestPart.DISPLAY in found else found)


def speaks_of_header(words: str) -> bool:
    """Whether a refusal speaks of the beta header as a whole, and names none of its features."""
    return not named_parts(words) and _BETA_HEADER.search(words[:READ]) is not None


def meant_parts(words: str) -> frozenset[RequestPart]:
    """The parts that a refusal names, or may mean where it speaks of the beta header as a whole."""
    if speaks_of_header(words):
        return frozenset(part for part in _EXPERIMENTAL.drops if part.is_beta)
    return named_parts(words)


def units_of(parts: Collection[RequestPart]) -> tuple[Unit, ...]:
    """What can be left out of these parts, that which costs the user least first."""
    switches = [Unit(switch, switch.drops & frozenset(parts)) for switch in SWITCHES]
    singles = [Unit(None, frozenset({part})) for part in NO_SWITCH if part in parts]
    return (*(unit for unit in switches if unit.drops), *singles)


def search_refused(
    units: tuple[Unit, ...], first: SearchOutcome
) -> Generator[tuple[Unit, ...], SearchOutcome, tuple[Unit, ...]]:
    """Yields what to leave out next; returns what has to be left out, or nothing if even that does not help.

    What a refusal names is tried first. Where it names nothing, or what is left out already, halving finds the next
    refused unit among n in about log2(n) requests, on the assumption that leaving out more never makes a gateway
    refuse. What is returned was accepted just so.
    """
    found: tuple[Unit, ...] = ()
    candidates, is_enough_in_all = units, False
    misled: set[Unit] = set()
    outcome, is_header_known = first, False
    while True:
        hinted = _hinted([unit for unit in candidates if unit not in misled], meant_parts(outcome.words))
        if hinted is not None:
            trial = yield (*found, hinted)
            if not trial.is_accepted and meant_parts(trial.words) & hinted.drops:
                misled.add(hinted)
                continue
            outcome = trial
            found = (*found, hinted)
            candidates = tuple(unit for unit in candidates if unit != hinted)
        elif speaks_of_header(outcome.words) and not is_header_known:
            is_header_known = True
            with_betas = tuple(unit for unit in candidates if any(part.is_beta for part in unit.drops))
            outcome = yield (*found, *with_betas)
            if outcome.is_accepted:
                # Is it the header as such, or one of its names? That shows when only one of them is left in it.
                candidates, is_enough_in_all = with_betas[:-1], True
                outcome = yield (*found, *candidates)
                if not outcome.is_accepted:
                    return (*found, *with_betas)
                outcome = SearchOutcome(is_accepted=False)
        else:
            index = yield from _halve(found, candidates, is_enough_in_all)
            if index is None:
                return ()
            found = (*found, candidates[index])
            candidates, is_enough_in_all = candidates[:index], True
            outcome = yield found
        if outcome.is_accepted:
            return found


def _hinted(units: list[Unit], meant: frozenset[RequestPart]) -> Unit | None:
    """The unit that drops most of what is meant, and of two equals the one that stands first."""
    return max((unit for unit in units if unit.drops & meant), key=lambda unit: len(unit.drops & meant), default=None)


def _halve(
    found: tuple[Unit, ...], candidates: tuple[Unit, ...], is_enough_in_all: bool
) -> Generator[tuple[Unit, ...], SearchOutcome, int | None]:
    """The index of the last candidate that has to be left out if those before it are; None if nothing helps."""
    low, high = 0, len(candidates)
    while high - low > 1:
        middle = (low + high) // 2
        if (yield (*found, *candidates[:middle])).is_accepted:
            high = middle
        else:
            low = middle
    if high == len(candidates) and not is_enough_in_all and not (yield (*found, *candidates)).is_accepted:
        return None
    return high - 1 if candidates else None
