"""``ccswitch show NAME``: one profile."""

from __future__ import annotations

import json

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.last_tests import last_test
from ccswitch_py.jobs.status import active_targets, key_words
from ccswitch_py.model.extras import switches_of
from ccswitch_py.paths import find_paths
from ccswitch_py.store.launches import load_launch, load_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``show``."""
    parser.add_argument("name", help="the profile")
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """What the profile sends, where its key is, and what Claude Code gets."""
    paths = find_paths()
    record = load_record(paths, args.name)
    launch = load_launch(paths, record, "claude-code")
    file = paths.launch_file("claude-code", args.name)
    active = active_targets(paths, args.name)
    tested = last_test(paths, record)
    facts = {
        "name": record.profile,
        "provider": record.provider,
        "base_url": record.base_url,
        "messages_url": f"{record.base_url}/v1/messages",
        "key": record.key.get("name") or record.key,
        "delivery": record.delivery,
        "roles": record.roles,
        "active_in": active,
        "last_test": tested.as_json() if tested else None,
        "launch_file": file,
        "settings": launch,
    }
    lines = [
        f"name      {record.profile}{'  (in use in ' + ', '.join(active) + ')' if active else ''}",
        f"provider  {record.provider_name}",
        f"calls     {record.base_url}/v1/messages",
        f"key       {key_words(record.key.get('name') or record.key)}",
        *([] if record.delivery == "helper" else ["          written into settings.json in clear text"]),
        *(f"{role:<9} {model}" for role, model in record.roles.items()),
        *(f"switch    {name}={value}" for name, value in switches_of(launch).items()),
        f"tested    {tested.in_full if tested else f'not yet; do it with `ccswitch test {args.name}`'}",
        "",
        f"One terminal only: claude --settings {file}",
        "What that file says:",
        json.dumps(launch, ensure_ascii=False, indent=2),
    ]
    return Result("\n".join(lines), facts)
