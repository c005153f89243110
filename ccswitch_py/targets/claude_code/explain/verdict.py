"""An explanation in a line or two, for the place where the eye ends."""

from __future__ import annotations

from ccswitch_py.core.language import _, join_sentences, ngettext
from ccswitch_py.targets.claude_code.explain.explanation import Explanation


def verdict(found: Explanation) -> str:
    """Whether Claude Code can work as it is, and who looks further."""
    values = {part.part: part.value for part in found.parts}
    further = _("`ccswitch doctor` looks further.")
    if found.faults:
        wrong = ngettext(
            "{count} thing is wrong, with what to do about it above.",
            "{count} things are wrong, each with what to do about it above.",
            len(found.faults),
        )
        return join_sentences(wrong, further)
    calls = _(
        "Nothing wrong is seen: Claude Code calls {address}, and the main model is {model}.",
        address=values["address"],
        model=values["main"],
    )
    return join_sentences(calls, further)


def counted(found: Explanation) -> str:
    """How much is wrong and to be known; empty where there is nothing."""
    wrong, notes = len(found.faults), len(found.notes)
    return join_sentences(
        ngettext("{count} thing is wrong.", "{count} things are wrong.", wrong) if wrong else "",
        ngettext("{count} thing is to know.", "{count} things are to know.", notes) if notes else "",
    )


def places_besides(found: Explanation) -> int:
    """How many places set something of it without deciding it."""
    winners = {(part.winner.layer.path, part.winner.entry.name) for part in found.parts if part.winner}
    every = {(layer.path, entry.name) for layer in found.layers for entry in layer.entries}
    return len(every - winners)
