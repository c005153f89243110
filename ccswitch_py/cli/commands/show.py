"""``ccswitch show NAME``: show a profile."""

from __future__ import annotations

import json

from ccswitch_py.cli.output.columns import table
from ccswitch_py.cli.output.result import Result
from ccswitch_py.cli.parser import add_json
from ccswitch_py.core.language import _, join_list, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.launches import launch_for, load_record, stored_launch_file
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code.switches import switches_of
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.live_test.results import LastTest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``show``."""
    parser.add_argument("name", help=_("the profile"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Show what the profile sends, where its key is, and what the tool gets."""
    paths = find_paths()
    record = load_record(paths, args.name)
    launch = json.loads(find_target(DEFAULT_TARGET).launch_file(launch_for(record, DEFAULT_TARGET)) or "{}")
    file = stored_launch_file(paths, record, DEFAULT_TARGET)
    targets = status(paths)
    active = [one.target for one in targets if one.profile == args.name]
    tested = last_test(paths, record)
    facts = {
        "name": record.profile,
        "provider": record.provider,
        "base_url": record.base_url,
        "messages_url": f"{record.base_url}/v1/messages",
        "key": record.key.public_json(),
        "delivery": record.delivery,
        "roles": record.roles,
        "active_in": active,
        "last_test": tested.as_json() if tested else None,
        "launch_file": file,
        "settings": launch,
    }
    rows = _rows(record, launch, active, tested)
    lines = [
        table(rows),
        "",
        _("One terminal only: {command}", command=f"claude --settings {file}"),
        _("What that file says:"),
        json.dumps(launch, ensure_ascii=False, indent=2),
    ]
    unclear = [labelled(one.name, one.problem) for one in targets if one.problem]
    return Result("\n".join(lines), facts, notes=unclear)


def _rows(
    record: LaunchRecord, launch: dict[str, Any], active: list[str], tested: LastTest | None
) -> list[tuple[str, str]]:
    """Label and value of each line."""
    name = record.profile
    used = _("{name}  (in use in {targets})", name=name, targets=join_list(active)) if active else name
    not_yet = _("not yet; do it with `ccswitch test {name}`", name=name)
    return [
        (_("name"), used),
        (_("provider"), record.provider_name),
        (_("calls"), f"{record.base_url}/v1/messages"),
        (_("key"), record.key.describe()),
        *([] if record.delivery == "command" else [("", _("in clear text in the tool's own file"))]),
        *record.roles.items(),
        *((_("switch"), f"{switch}={value}") for switch, value in switches_of(launch).items()),
        (_("tested"), tested.in_full if tested else not_yet),
    ]
