"""A live file as it is found under the lock, and what is decided about it."""

from __future__ import annotations

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.jobs.seal import Seal
from ccswitch_py.patch.json_text import UnreadableJson, check_object
from ccswitch_py.patch.live_file import LiveFile
from ccswitch_py.patch.owned import edits_back, snapshot
from ccswitch_py.store.journal import Base, Step, checksum_of, load_journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.patch.edit import Edit
    from ccswitch_py.patch.owned import Snapshot
    from ccswitch_py.paths import Paths
    from ccswitch_py.targets.base import Target


class Situation:
    """A live file under the lock: its sealed text, its journal, and whether it is as we left it."""

    def __init__(self, paths: Paths, target: Target) -> None:
        self.target = target
        self.live = LiveFile(target.live_path())
        self.file = self.live.real_path
        self.journal = load_journal(paths, target.id, self.file, self.live.data)
        self.untouched = self.journal.checksum == checksum_of(self.live.data)
        self.seal = Seal(paths, target, self.journal.sealed if self.untouched else [])
        try:
            if self.live.text is not None:
                check_object(self.live.text)
            self.text = None if self.live.text is None else self.seal.close(self.live.text)
            self.before = snapshot(self.text, target.owned)
        except UnreadableJson as problem:
            raise FileNotChanged(
                f"{self.live.path}, line {problem.line}: {problem.reason}.",
                "Mend that line, then do this again; nothing was changed.",
            ) from problem

    @property
    def own(self) -> Snapshot:
        """The owned entries as the user has them without us."""
        return self.journal.base.before if self.journal.base else self.before

    def edits_to_own_state(self) -> list[Edit]:
        """The edits that take the applied profile out of the file again."""
        base = self.journal.base
        if base is None:
            return []
        return base.edits if self.untouched else edits_back(self.text, self.target.owned, base.before)

    def step(self, from_own_state: list[Edit]) -> Step:
        """How to come back to this situation from the user's own state."""
        base = self.journal.base and Base(self.edits_to_own_state(), self.journal.base.before)
        return Step(from_own_state, self.before, self.journal.profile, base)


class Decision:
    """The file's next text (sealed, None: no file) and what the journal will say; ``step`` is new in it."""

    def __init__(
        self,
        text: str | None,
        profile: str | None,
        base: Base | None,
        steps: list[dict[str, Any]],
        step: Step | None = None,
    ) -> None:
        self.text = text
        self.profile = profile
        self.base = base
        self.steps = steps
        self.step = step
