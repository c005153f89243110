"""``ccswitch models NAME|ID``: list the models of a provider, or of a profile's provider."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.provider import VERSION_LABELS, Provider
from ccswitch_py.store.profile_files import did_you_mean, profile_names, provider_ids
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.store.providers import load_provider


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("a profile or a provider"))
    parser.add_argument("--refresh", action="store_true", help=_("ask the profile's gateway which models it lists"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Print the catalogue, or with ``--refresh`` what the gateway lists for the key."""
    paths = find_paths()
    if args.refresh:
        return _refreshed(paths, args.name)
    provider = _provider(paths, args.name)
    rows = [
        [
            one.id,
            one.family,
            _(VERSION_LABELS[one.version]),
            "" if one.images else _("no images"),
            str(one.context_window or ""),
            str(one.max_output or ""),
            _("default") if one.id == provider.defaults.get("main") else "",
        ]
        for one in provider.models
    ]
    facts = [one.model_dump(mode="json") for one in provider.models]
    heading = [_("ID"), _("FAMILY"), _("SERVED AS"), _("IMAGES"), _("CONTEXT"), _("OUTPUT"), ""]
    return Result(Terminal(sys.stdout).table(rows, heading), {"provider": provider.id, "models": facts})


def _provider(paths: Paths, name: str) -> Provider:
    profiles, providers = profile_names(paths), provider_ids(paths)
    if name not in profiles:
        if name not in providers:
            message = _("There is no profile or provider '{name}'.", name=quoted(name))
            hint = did_you_mean(name, [*profiles, *providers])
            raise NotFound(message, hint or _("See `ccswitch list` and `ccswitch providers`."))
        return load_provider(paths, name)
    provider_id = load_profile(paths, name).provider
    if provider_id is None:
        raise BadInput(
            _("The profile '{name}' has no list of models.", name=quoted(name)),
            _("Ask its gateway: ccswitch models {name} --refresh.", name=name),
        )
    return load_provider(paths, provider_id)


def _refreshed(paths: Paths, name: str) -> Result:
    from ccswitch_py.services.live_test.models import models_of_profile

    ids = models_of_profile(paths, name)
    return Result("\n".join(ids), {"profile": name, "listed": ids})
