"""The models of a provider, grouped by family, and the search among them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.core.language import N_, _

if TYPE_CHECKING:
    pass
NO_IMAGES = N_("⊘ no images")


class ModelChoice(NamedTuple):
    """A model; ``version_label`` says how it is served ("official", "low-cost"), ``note`` who lists it."""

    id: str
    family: str
    version_label: str
    images: bool
    note: str = ""

    @property
    def summary(self) -> str:
        return " · ".join(filter(None, ["" if self.images else _(NO_IMAGES), self.version_label, self.note]))


class CatalogMatch(NamedTuple):
    """The models that match a text, in the catalogue's order; ``best`` is the index of the best match.

    ``certain`` is False for a fuzzy match, which may be offered but not chosen for the user.
    """

    choices: Sequence[ModelChoice]
    best: int
    certain: bool


class ModelCatalog:
    """A provider's models by family, in the provider's order."""

    def __init__(self, choices: Sequence[ModelChoice] = ()) -> None:
        self._given = tuple(choices)

    @cached_property
    def choices(self) -> tuple[ModelChoice, ...]:
        families: dict[str, list[ModelChoice]] = {}
        for choice in self._given:
            families.setdefault(choice.family, []).append(choice)
        return tuple(choice for family in families.values() for choice in family)

    @cached_property
    def _search_texts(self) -> tuple[str, ...]:
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
        return self._by_id.get(model_id)

    def spelled(self, text: str) -> str:
        """Return the listed id that differs in case at most; any other text as it is."""
        known = self._by_id.get(text) or self._by_folded_id.get(text.casefold())
        return known.id if known else text

    def find(self, text: str) -> CatalogMatch:
        """Find the models that contain every word; if there are none, match the letters in order (fuzzy)."""
        wanted = text.casefold().split()
        if not wanted:
            return CatalogMatch(self.choices, 0, certain=True)
        candidates = zip(self.choices, self._search_texts, strict=True)
        found = [choice for choice, words in candidates if all(word in words for word in wanted)]
        if found:
            words, ids = " ".join(wanted), [choice.id.casefold() for choice in found]
            ranks = [(one != words, not one.startswith(words), words not in one) for one in ids]
            return CatalogMatch(found, ranks.index(min(ranks)), certain=True)
        letters = "".join(wanted)
        fuzzy = [one for one in self.choices if _is_subsequence(letters, one.id.casefold())]
        return CatalogMatch(fuzzy, 0, certain=False)


def _is_subsequence(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
