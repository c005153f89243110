"""``ccswitch show NAME``: show a profile."""

from __future__ import annotations

import json
import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_list, labelled
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record, stored_launch_file, unknown_target_notes
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.services.status import status
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.live_test.results import LastTest


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Show the profile's requests, its key's place and its launch file."""
    paths = find_paths()
    record = load_record(paths, args.name)
    launch, file, problem = _launch(paths, record)
    targets = status(paths)
    active = [one.target for one in targets if one.profile == args.name]
    tested = last_test(paths, record)
    facts = {
        "name": record.profile,
        "id": record.profile_id,
        "provider": record.provider,
        "base_url": record.base_url,
        "messages_url": _messages_url(record),
        "endpoints": {
            protocol: {"base_url": endpoint["base_url"], "auth": endpoint["auth"]}
            for protocol, endpoint in record.endpoints.items()
        },
        "key": record.key.public_json(),
        "delivery": record.delivery,
        "roles": record.roles,
        "active_in": active,
        "last_test": tested.as_json() if tested else None,
        "launch_file": file,
        "settings": launch,
    }
    rows = _rows(record, active, tested)
    lines = [Terminal(sys.stdout).table(rows)]
    if file:
        lines += [
            "",
            _("One terminal only: {command}", command=f"claude --settings {file}"),
            _("Its contents:"),
            json.dumps(launch, ensure_ascii=False, indent=2),
        ]
    unclear = [labelled(one.name, one.problem) for one in targets if one.problem]
    return Result("\n".join(lines), facts, notes=[*unclear, *problem, *unknown_target_notes(record)])


def _launch(paths: Paths, record: LaunchRecord) -> tuple[dict[str, Any], str | None, list[str]]:
    """The launch file's settings and path, or why there is none."""
    target = find_target(DEFAULT_TARGET)
    try:
        settings = json.loads(target.launch_file(launch_for(record, target.id)) or "{}")
        return settings, stored_launch_file(paths, record, target.id), []
    except CcswitchError as problem:
        return {}, None, [str(problem)]


def _messages_url(record: LaunchRecord) -> str | None:
    endpoint = record.endpoints.get("messages")
    return _url("messages", endpoint["base_url"]) if endpoint else None


def _rows(record: LaunchRecord, active: list[str], tested: LastTest | None) -> list[tuple[str, str]]:
    """Label and value of each line."""
    name = record.profile
    file = find_target(DEFAULT_TARGET).settings_name
    used = _("{name}  (in use in {targets})", name=name, targets=join_list(active)) if active else name
    options = record.options.get(DEFAULT_TARGET, {})
    headers, switches = options.get("headers", {}), options.get("switches", {})
    not_yet = _("not yet; run `ccswitch test {name}`", name=name)
    return [
        (_("name"), used),
        (_("provider"), record.provider_name),
        *((_("calls"), _url(protocol, endpoint["base_url"])) for protocol, endpoint in record.endpoints.items()),
        (_("key"), record.key.describe()),
        *([] if record.delivery == "command" else [("", _("written to {file} in plain text", file=file))]),
        *record.roles.items(),
        *([(_("headers"), join_list(headers))] if headers else []),
        *((_("switch"), f"{switch}={value}") for switch, value in switches.items()),
        (_("tested"), tested.in_full if tested else not_yet),
    ]


def _url(protocol: str, base_url: str) -> str:
    return f"{base_url}/v1/messages" if protocol == "messages" else f"{base_url} ({protocol})"
