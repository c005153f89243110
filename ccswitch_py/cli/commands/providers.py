"""``ccswitch providers``: list and search the known providers, or start a file for another one."""

from __future__ import annotations

import sys
from typing import Any

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.full_parser import help_options
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import N_, _, as_sentence, quoted
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.provider import CATEGORY_LABELS, Provider
from ccswitch_py.store.providers import load_providers, write_new_provider

_NEW = N_("write a commented file for another provider, or a copy of a built-in one to change")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--search", metavar="TEXT", help=_("only those with these words in name, address or model"))
    add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    new = actions.add_parser("new", help=_(_NEW), **help_options(as_sentence(_(_NEW)), "ccswitch providers new acme"))
    new.add_argument("id", metavar="ID", help=_("the provider's id: lowercase letters, digits and hyphens"))
    add_json(new)


def run(args: Namespace) -> Result:
    """List the providers, or write a new file."""
    paths = find_paths()
    return _new(paths, args.id) if args.action else _list(paths, args.search)


def _list(paths: Paths, search: str | None) -> Result:
    usable, broken = load_providers(paths)
    notes = [f"ccswitch: {problem}" for problem in broken]
    found = [one for one in usable if one.matches((search or "").split())]
    data = {"providers": [_facts(one) for one in found], "broken": [problem.message for problem in broken]}
    if not found:
        return Result(_("No provider matches '{text}'.", text=quoted(search or "")), data, notes=notes)
    rows = [
        [
            one.id,
            one.name,
            _(CATEGORY_LABELS[one.category]) if one.category else "",
            ", ".join(one.endpoints),
            _("the profile's own") if one.needs_base_url else next(iter(one.endpoints.values())).base_url,
            str(len(one.models)),
        ]
        for one in found
    ]
    heading = [_("ID"), _("NAME"), _("CATEGORY"), _("PROTOCOLS"), _("BASE URL"), _("MODELS")]
    return Result(Terminal(sys.stdout).table(rows, heading), data, notes=notes)


def _new(paths: Paths, provider_id: str) -> Result:
    path = write_new_provider(paths, provider_id)
    text = _("Wrote {file}. Edit it; `ccswitch providers` reports what is wrong in it.", file=path)
    return Result(text, {"id": provider_id, "file": path})


def _facts(provider: Provider) -> dict[str, Any]:
    """The provider without its models; ``base_url`` and ``auth`` are those of ``messages``."""
    messages = provider.endpoints.get("messages")
    return {
        **provider.model_dump(mode="json", by_alias=True, exclude={"models"}),
        "base_url": provider.base_url or None,
        "auth": messages.auth if messages else None,
    }
