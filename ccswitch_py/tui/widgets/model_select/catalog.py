"""The models that one can choose from, in the order in which they are shown, and how typed words find them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ccswitch_py.core.language import N_, _

NO_IMAGES = N_("⊘ no images")


class ModelChoice(NamedTuple):
    """A model to choose; ``version_label`` says how it is served ("official", "low-cost"), ``note`` who lists it."""

    id: str
    family: str
    version_label: str
    images: bool
    note: str = ""

    @property
    def remark(self) -> str:
        """What to know before choosing it."""
        return " · ".join(filter(None, ["" if self.images else _(NO_IMAGES), self.version_label, self.note]))


class CatalogMatch(NamedTuple):
    """The models that fit a typed text in the catalogue's order.

    ``best`` is the index of the one to offer first. ``certain`` is False where the letters only occur in the
    right order, which is good enough to offer and not to choose for the user.
    """

    choices: Sequence[ModelChoice]
    best: int
    certain: bool


class ModelCatalog:
    """A provider's models by family, the families in the order in which the provider names them."""

    def __init__(self, choices: Sequence[ModelChoice] = ()) -> None:
        self._given = tuple(choices)

    @cached_property
    def choices(self) -> tuple[ModelChoice, ...]:
        """All models; those of one family stand together."""
        families: dict[str, list[ModelChoice]] = {}
        for choice in self._given:
            families.setdefault(choice.family, []).append(choice)
        return tuple(choice for family in families.values() for choice in family)

    @cached_property
    def _searched(self) -> tuple[str, ...]:
        return tuple(f"{one.id} {one.family} {one.version_label}".casefold() for one in self.choices)

    @cached_property
    def _by_id(self) -> dict[str, ModelChoice]:
        return {one.id: one for one in reversed(self._given)}

    @cached_property
    def _by_folded_id(self) -> dict[str, ModelChoice]:
        return {one.id.casefold(): one for one in reversed(self._given)}

    def __bool__(self) -> bool:
        return bool(self._given)

    def get(self, model_id: str) -> ModelChoice | None:
        """The model with exactly this id."""
        return self._by_id.get(model_id)

    def spelled(self, text: str) -> str:
        """The listed id that was typed, in its own spelling; any other text as it is."""
        known = self._by_id.get(text) or self._by_folded_id.get(text.casefold())
        return known.id if known else text

    def find(self, text: str) -> CatalogMatch:
        """The models in which each typed word occurs; without any, those that have its letters in this order."""
        wanted = text.casefold().split()
        if not wanted:
            return CatalogMatch(self.choices, 0, certain=True)
        searched = zip(self.choices, self._searched, strict=True)
        found = [choice for choice, words in searched if all(word in words for word in wanted)]
        if found:
            ranks = [_rank(choice.id.casefold(), " ".join(wanted)) for choice in found]
            return CatalogMatch(found, ranks.index(min(ranks)), certain=True)
        letters = "".join(wanted)
        return CatalogMatch([one for one in self.choices if _in_order(letters, one.id.casefold())], 0, certain=False)


def _rank(model_id: str, wanted: str) -> int:
    if model_id == wanted:
        return 0
    if model_id.startswith(wanted):
        return 1
    return 2 if wanted in model_id else 3


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
