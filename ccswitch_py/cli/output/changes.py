"""What ``use``, ``off`` and ``undo`` have in common: their options, and the report of what they changed."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.live_files.live_state import Change
    from ccswitch_py.services.apply import ChangeSet


def add_change_options(parser: ArgumentParser, default: str = "claude-code", more: str = "") -> None:
    parser.add_argument("--dry-run", action="store_true", help=_("show the change without writing it"))
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help=join_sentences(
            _("a tool to set up (repeatable; default: {default}); see `ccswitch targets`", default=default),
            more,
        ),
    )
    add_json(parser)


def changes_result(changes: ChangeSet, done: str, nothing: str, *, dry_run: bool, **values: object) -> Result:
    """``done`` and ``nothing`` are marked with ``N_``, with gaps for ``{target}``, ``{file}`` and ``values``."""
    terminal = Terminal(sys.stdout)
    lines: list[str] = []
    for change in changes.changes:
        if dry_run:
            from ccswitch_py.services.preview import diff_lines

            lines += diff_lines(change) or [_("{file}: no change.", file=change.path)]
            continue
        text = done if change.changed else nothing
        sentence = _(text, target=find_target(change.target_id).name, file=change.path, **values)
        lines.append(terminal.wrapped(sentence))
    lines += [] if dry_run else [terminal.wrapped(note, "  ") for note in changes.notes]
    facts = {"dry_run": dry_run, "changes": [*map(_facts, changes.changes)], "notes": changes.notes}
    return Result("\n".join(lines), facts)


def _facts(change: Change) -> dict[str, object]:
    return {"target": change.target_id, "file": change.path, "profile": change.profile, "changed": change.changed}
