"""Find what a killed ccswitch left behind, and what of it can be removed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from ccswitch_py.core.files import LONGEST_WRITE_S, is_leftover
from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files.journal import is_damaged_pending, pending_groups
from ccswitch_py.live_files.transaction import staged_suffix
from ccswitch_py.model.doctor_finding import Finding, RemoveLeftover, warning
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import TARGETS

LEFTOVER = warning(
    "leftover_file",
    N_("{file} was left behind by a ccswitch process that was killed while writing."),
    N_("Remove it; nothing needs it."),
)
UNFINISHED = warning(
    "transaction_unfinished",
    N_("{file} belongs to a change of several files that was killed halfway."),
    N_("Run `ccswitch use NAME`, `ccswitch off` or `ccswitch undo`: each completes it first."),
)


def find_leftovers(paths: Paths, files: Iterable[str]) -> Iterator[Finding]:
    """Report half-written files, damaged pending records of the journal, and staged copies."""
    for path in files:
        if is_unneeded(paths, path):
            yield Finding(LEFTOVER, path=path, auto_fix=RemoveLeftover(path))
        elif _is_old_staged_copy(paths, path):
            yield Finding(UNFINISHED, path=path)


def beside_live_files(inspection: Inspection) -> Iterator[str]:
    """The files in the folders of all live files."""
    live = (file.path for target in TARGETS.values() for file in target.live_files(inspection.environ))
    for folder in dict.fromkeys(os.path.dirname(os.path.realpath(path)) for path in live):
        try:
            yield from (os.path.join(folder, name) for name in sorted(os.listdir(folder)))
        except OSError:
            continue  # folders reports it


def is_unneeded(paths: Paths, path: str) -> bool:
    """Whether a killed process left the file behind, and no pending transaction needs it."""
    if is_leftover(path) or is_damaged_pending(path):
        return True
    return _is_old_staged_copy(paths, path) and not any(
        member.staged == path for group in pending_groups(paths) for member in group
    )


def _is_old_staged_copy(paths: Paths, path: str) -> bool:
    """Whether it is a staged copy of this home that no running transaction can be writing, in any container."""
    try:
        return path.endswith(staged_suffix(paths)) and time.time() - os.lstat(path).st_mtime > LONGEST_WRITE_S
    except OSError:
        return False
