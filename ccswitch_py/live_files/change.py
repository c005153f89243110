"""A change of a tool's file: what it was and what it becomes, before it is made and after."""

from __future__ import annotations

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.targets.base import Target


class StalePreview(FileNotChanged):
    """Not what was agreed to: file or profile are other ones since."""

    def __init__(self) -> None:
        super().__init__(
            _("Something has changed since you saw the preview, so nothing was written."), _("Look at it again.")
        )


class Change:
    """What was changed, or would be: ``before`` and ``after`` are the file's texts, sealed; None is no file."""

    def __init__(self, target: Target, path: str, profile: str | None, before: str | None, after: str | None) -> None:
        self.target = target
        self.path = path
        self.profile = profile
        self.before = before
        self.after = after
        self.changed = before != after
        self.notes: list[str] = []

    def is_same(self, other: Change) -> bool:
        """Whether both go from the same text to the same."""
        return (self.before, self.after, self.profile) == (other.before, other.after, other.profile)
