"""Finds which parts of a request a gateway refuses, in as few requests as possible.

Pure: a generator yields what to leave out next, and is sent the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator
from typing import NamedTuple

from ccswitch_py.probe.client_shape import ClientShape, Parts, Switch
from ccswitch_py.probe.judge.refusals import MAX_CHARS

_BETA_HEADER = re.compile(r"anthropic[-_]beta|beta header|\bbetas?\b", re.IGNORECASE)


class Omission(NamedTuple):
    """What can be left out at once: all that a switch drops, or one part that no switch drops."""

    switch: Switch | None
    drops: Parts


Omissions = tuple[Omission, ...]


class SearchOutcome(NamedTuple):
    """The outcome of one request; ``text`` is that of the refusal, empty if the request was accepted."""

    is_accepted: bool
    text: str = ""


def dropped_parts(omissions: Omissions) -> Parts:
    """All that these leave out."""
    return frozenset[str]().union(*(omission.drops for omission in omissions))


def possible_omissions(client: ClientShape, parts: Parts) -> Omissions:
    """What can be left out of these parts, ordered by what it costs the user, the cheapest first."""
    by_switch = [Omission(switch, switch.drops & parts) for switch in client.switches]
    single = [Omission(None, frozenset({part})) for part in client.unswitchable if part in parts]
    return (*(omission for omission in by_switch if omission.drops), *single)


def means_header(client: ClientShape, refusal: str) -> bool:
    """Whether a refusal speaks of the beta header as a whole, and names none of its values."""
    return not client.named_parts(refusal) and _BETA_HEADER.search(refusal[:MAX_CHARS]) is not None


def meant_parts(client: ClientShape, refusal: str) -> Parts:
    """The parts that a refusal names, or may mean where it speaks of the beta header as a whole."""
    if not means_header(client, refusal):
        return client.named_parts(refusal)
    return max((filter_betas(client, switch.drops) for switch in client.switches), key=len, default=frozenset[str]())


def filter_betas(client: ClientShape, parts: Collection[str]) -> Parts:
    """Those of these parts that are values of the beta header."""
    return frozenset(filter(client.is_beta, parts))


def search_refused(
    client: ClientShape, omissions: Omissions, first: SearchOutcome
) -> Generator[Omissions, SearchOutcome, Omissions]:
    """Yield what to leave out next; return what has to be left out, nothing if even all of it does not help.

    What a refusal names is tried first. Where it names nothing, or something left out already, bisection finds the next
    refused one of n in about log2(n) requests, assuming that leaving out more never causes a refusal. What is returned
    has been accepted exactly so.
    """
    found: Omissions = ()
    candidates, suffices = omissions, False
    misleading: set[Omission] = set()
    outcome, is_header_tried = first, False
    while True:
        eligible = [omission for omission in candidates if omission not in misleading]
        named = _best_match(eligible, meant_parts(client, outcome.text))
        if named is not None:
            trial = yield (*found, named)
            if not trial.is_accepted and meant_parts(client, trial.text) & named.drops:
                misleading.add(named)
                continue
            outcome = trial
            found = (*found, named)
            candidates = tuple(omission for omission in candidates if omission != named)
        elif means_header(client, outcome.text) and not is_header_tried:
            is_header_tried = True
            with_betas = tuple(omission for omission in candidates if filter_betas(client, omission.drops))
            outcome = yield (*found, *with_betas)
            if outcome.is_accepted:
                # Is it the header as such, or one of its values? Leaving a single value in it will show.
                candidates, suffices = with_betas[:-1], True
                outcome = yield (*found, *candidates)
                if not outcome.is_accepted:
                    return (*found, *with_betas)
                outcome = SearchOutcome(is_accepted=False)
        else:
            index = yield from _bisect(found, candidates, suffices)
            if index is None:
                return ()
            found = (*found, candidates[index])
            candidates, suffices = candidates[:index], True
            outcome = yield found
        if outcome.is_accepted:
            return found


def _best_match(omissions: list[Omission], meant: Parts) -> Omission | None:
    """The first that drops most of what is meant."""
    matching = (omission for omission in omissions if omission.drops & meant)
    return max(matching, key=lambda omission: len(omission.drops & meant), default=None)


def _bisect(found: Omissions, candidates: Omissions, suffices: bool) -> Generator[Omissions, SearchOutcome, int | None]:
    """The index of the last candidate that has to be left out if those before it are; None if nothing helps.

    ``suffices`` says that leaving out all of them is known to help.
    """
    low, high = 0, len(candidates)
    while high - low > 1:
        middle = (low + high) // 2
        if (yield (*found, *candidates[:middle])).is_accepted:
            high = middle
        else:
            low = middle
    if high == len(candidates) and not suffices and not (yield (*found, *candidates)).is_accepted:
        return None
    return high - 1 if candidates else None
