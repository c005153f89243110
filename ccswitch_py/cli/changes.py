"""Telling what ``use``, ``off`` and ``undo`` changed, in the same words for all three."""

from __future__ import annotations

from ccswitch_py.cli.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.jobs.apply import Change


def changes_result(changes: list[Change], done: str, nothing: str, *, dry_run: bool) -> Result:
    """``done`` and ``nothing`` are beginnings of sentences that end with the target's name."""
    lines: list[str] = []
    for change in changes:
        if dry_run:
            from ccswitch_py.jobs.preview import diff_lines

            lines += diff_lines(change) or [f"{change.path}: no change."]
            continue
        lines.append(f"{done if change.changed else nothing} {change.target.name} ({change.path}).")
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
