"""Reports what ``use``, ``off`` and ``undo`` changed."""

from __future__ import annotations

from ccswitch_py.cli.output.result import Result
from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.live_files.change import Change


def changes_result(changes: list[Change], done: str, nothing: str, *, dry_run: bool, **values: object) -> Result:
    """``done`` and ``nothing`` are marked with ``N_``, with gaps for ``{target}``, ``{file}`` and ``values``."""
    lines: list[str] = []
    for change in changes:
        if dry_run:
            from ccswitch_py.services.apply.preview import diff_lines

            lines += diff_lines(change) or [_("{file}: no change.", file=change.path)]
            continue
        text = done if change.changed else nothing
        lines.append(_(text, target=change.target.name, file=change.path, **values))
        lines += [f"  {note}" for note in change.notes]
    return Result("\n".join(lines), {"dry_run": dry_run, "changes": [_facts(change) for change in changes]})


def _facts(change: Change) -> dict[str, object]:
    return {
        "target": change.target.id,
        "file": change.path,
        "profile": change.profile,
        "changed": change.changed,
        "notes": change.notes,
    }
