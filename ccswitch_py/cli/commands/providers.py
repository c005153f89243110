"""``ccswitch providers``: list the known providers."""

from __future__ import annotations

import sys
from typing import Any

from ccswitch_py.cli.command import Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.model.provider import Provider
from ccswitch_py.store.providers import load_providers

add_arguments = add_json


def run(args: Namespace) -> Result:
    """List all providers; report broken files of the user's with line and reason."""
    usable, broken = load_providers(find_paths())
    rows = [
        [one.id, one.name, ", ".join(one.endpoints), next(iter(one.endpoints.values())).base_url, str(len(one.models))]
        for one in usable
    ]
    notes = [f"ccswitch: {problem}" for problem in broken]
    facts = [_facts(one) for one in usable]
    return Result(
        Terminal(sys.stdout).table(rows, [_("ID"), _("NAME"), _("PROTOCOLS"), _("BASE URL"), _("MODELS")]),
        {"providers": facts, "broken": [problem.message for problem in broken]},
        notes=notes,
    )


def _facts(provider: Provider) -> dict[str, Any]:
    """The provider without its models; ``base_url`` and ``auth`` are those of ``messages``."""
    messages = provider.endpoints.get("messages")
    return {
        **provider.model_dump(mode="json", by_alias=True, exclude={"models"}),
        "base_url": messages.base_url if messages else None,
        "auth": messages.auth if messages else None,
    }
