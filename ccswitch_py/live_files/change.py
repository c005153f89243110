"""A change of a tool's live file: what it was and what it becomes, before it is made and after."""

from __future__ import annotations

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.live_files.live_file import LiveFile


class StalePreview(FileNotChanged):
    """The file or the profile has changed since the user agreed to the change."""

    def __init__(self) -> None:
        super().__init__(
            _("Something has changed since you saw the preview, so nothing was written."), _("Look at it again.")
        )


class Change:
    """What was changed in one file, or would be.

    ``before`` and ``after`` are its texts with placeholders for secrets; None is no file.
    """

    def __init__(
        self, target_id: str, file: LiveFile, profile: str | None, before: str | None, after: str | None
    ) -> None:
        self.target_id = target_id
        self.file = file
        self.profile = profile
        self.before = before
        self.after = after

    @property
    def path(self) -> str:
        """The file as the tool names it."""
        return self.file.path

    @property
    def changed(self) -> bool:
        """Whether anything in the file changes."""
        return self.before != self.after

    def is_same(self, other: Change) -> bool:
        """Whether both go from the same text to the same."""
        return (self.path, self.before, self.after, self.profile) == (
            other.path,
            other.before,
            other.after,
            other.profile,
        )
