"""Which file of a tool we patch, and which entries in it are ours to write."""

from __future__ import annotations

from ccswitch_py.core.record import Record
from ccswitch_py.formats.registry import find_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.formats.base import EntryPath, Format, Value


class LiveFile(Record):
    """A file that a tool reads itself.

    ``owned`` is the closed list of entries that an apply may change. ``sticky`` are those that a running session keeps
    when they vanish from the file: a value of ours that the next profile does not set is written as ``""`` once.
    ``is_secret`` tells whether the value of an owned entry may hold a secret, which then goes into the keyring and not
    into the journal (None: no entry can).
    """

    path: str
    owned: tuple[EntryPath, ...]
    format_id: str = "json"
    sticky: tuple[EntryPath, ...] = ()
    is_secret: Callable[[EntryPath, Value], bool] | None = None

    @property
    def format(self) -> Format:
        """The grammar of the file."""
        return find_format(self.format_id)

    def holds_secret(self, path: EntryPath, raw: str) -> bool:
        """Whether the raw text of an owned entry may hold a secret."""
        return self.is_secret is not None and self.is_secret(path, self.format.load(path, raw))
