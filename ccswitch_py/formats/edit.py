"""A change to a text, small enough to be taken back."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Edit:
    """At ``offset`` (in characters), ``removed`` gives way to ``inserted``."""

    __slots__ = ("inserted", "offset", "removed")

    def __init__(self, offset: int, removed: str, inserted: str) -> None:
        self.offset = offset
        self.removed = removed
        self.inserted = inserted

    def __repr__(self) -> str:
        return f"Edit({self.offset}, -{len(self.removed)}, +{len(self.inserted)})"

    def apply(self, text: str) -> str:
        """The text after this edit; raises ``ValueError`` if ``removed`` is not at ``offset``."""
        end = self.offset + len(self.removed)
        if text[self.offset : end] != self.removed:
            raise ValueError("the text is not the one that this edit was made for")
        return text[: self.offset] + self.inserted + text[end:]

    def inverse(self) -> Edit:
        """The edit that takes this one back."""
        return Edit(self.offset, self.inserted, self.removed)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text after all edits, each made on the result of the one before."""
    for edit in edits:
        text = edit.apply(text)
    return text


def inverse_edits(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that take ``edits`` back, in the order to apply them."""
    return [edit.inverse() for edit in reversed(edits)]
