"""``ccswitch show NAME``: one profile."""

from __future__ import annotations

import json

from ccswitch_py.cli.output.columns import padded, width
from ccswitch_py.cli.output.result import Result
from ccswitch_py.cli.parser import add_json
from ccswitch_py.core.language import _, join_list, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply.apply import CLAUDE_CODE
from ccswitch_py.services.launches import load_launch, load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.services.status import key_words, shown_key, status
from ccswitch_py.targets.claude_code.switches import switches_of
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.live_test.results import LastTest
    from ccswitch_py.targets.base import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``show``."""
    parser.add_argument("name", help=_("the profile"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """What the profile sends, where its key is, and what Claude Code gets."""
    paths = find_paths()
    record = load_record(paths, args.name)
    launch = load_launch(paths, record, "claude-code")
    file = paths.launch_file("claude-code", args.name)
    targets = status(paths)
    active = [one.target for one in targets if one.profile == args.name]
    tested = last_test(paths, record)
    facts = {
        "name": record.profile,
        "provider": record.provider,
        "base_url": record.base_url,
        "messages_url": f"{record.base_url}/v1/messages",
        "key": shown_key(record),
        "delivery": record.delivery,
        "roles": record.roles,
        "active_in": active,
        "last_test": tested.as_json() if tested else None,
        "launch_file": file,
        "settings": launch,
    }
    rows = _rows(record, launch, active, tested)
    widest = max(width(label) for label, _unused in rows)
    lines = [
        *(f"{padded(label, widest)}  {value}" for label, value in rows),
        "",
        _("One terminal only: {command}", command=f"claude --settings {file}"),
        _("What that file says:"),
        json.dumps(launch, ensure_ascii=False, indent=2),
    ]
    unclear = [labelled(one.name, one.problem) for one in targets if one.problem]
    return Result("\n".join(lines), facts, notes=unclear)


def _rows(record: LaunchRecord, launch: Settings, active: list[str], tested: LastTest | None) -> list[tuple[str, str]]:
    """What people see: a label and a value on each line."""
    name = record.profile
    file = find_target(CLAUDE_CODE).settings_name
    used = _("{name}  (in use in {targets})", name=name, targets=join_list(active)) if active else name
    not_yet = _("not yet; do it with `ccswitch test {name}`", name=name)
    return [
        (_("name"), used),
        (_("provider"), record.provider_name),
        (_("calls"), f"{record.base_url}/v1/messages"),
        (_("key"), key_words(shown_key(record))),
        *([] if record.delivery == "helper" else [("", _("written into {file} in clear text", file=file))]),
        *record.roles.items(),
        *((_("switch"), f"{switch}={value}") for switch, value in switches_of(launch).items()),
        (_("tested"), tested.in_full if tested else not_yet),
    ]
