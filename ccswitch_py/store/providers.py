"""Load the shipped providers and the user's own, which override them by id."""

from __future__ import annotations

import os
from datetime import date

from ccswitch_py.core.errors import BadInput, CcswitchError, NotFound
from ccswitch_py.core.files import read_own_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.names import check_provider_id
from ccswitch_py.model.provider import Category, Provider
from ccswitch_py.store.profile_files import provider_ids, provider_path
from ccswitch_py.store.toml import schema_comment, validate

_DEFAULT = "mingyan"
_CATEGORIES = list(Category)
_TEMPLATE = os.path.join(os.path.dirname(__file__), "new_provider.toml")
_TEMPLATE_ID, _TEMPLATE_DATE = b"acme", b"2026-01-01"


def load_provider(paths: Paths, provider_id: str) -> Provider:
    """Load a provider; raises ``NotFound``, or ``BadInput`` naming file, line and reason of a broken file."""
    path = provider_path(paths, provider_id)
    provider = validate(path, read_own_file(path) or b"", Provider)
    if provider.id != provider_id:
        raise BadInput(
            _("{file}: its id is '{own_id}'.", file=path, own_id=quoted(provider.id)),
            _("Set id = '{id}', or rename the file.", id=quoted(provider_id)),
        )
    return provider


def load_providers(paths: Paths) -> tuple[list[Provider], list[CcswitchError]]:
    """Load all providers, and collect the errors of those that are broken.

    The default one comes first, the others by category and name.
    """
    usable: list[Provider] = []
    broken: list[CcswitchError] = []
    for provider_id in provider_ids(paths):
        try:
            usable.append(load_provider(paths, provider_id))
        except (BadInput, NotFound) as problem:
            broken.append(problem)
    return sorted(usable, key=_rank), broken


def _rank(provider: Provider) -> tuple[bool, int, str]:
    category = _CATEGORIES.index(provider.category) if provider.category else len(_CATEGORIES)
    return provider.id != _DEFAULT, category, provider.name.casefold()


def write_new_provider(paths: Paths, provider_id: str) -> str:
    """Write a provider's file to the user's folder and return its path: a template, or a copy of the shipped file.

    Raises ``BadInput`` for an invalid id or one of the user's own.
    """
    check_provider_id(provider_id)
    path = os.path.join(paths.providers, f"{provider_id}.toml")
    if os.path.lexists(path):
        raise BadInput(
            _("{file} already exists.", file=path), _("Edit it, or choose an id that is not in `ccswitch providers`.")
        )
    if provider_id in provider_ids(paths):
        text = read_own_file(provider_path(paths, provider_id)) or b""
    else:
        text = read_own_file(_TEMPLATE) or b""
        text = text.replace(_TEMPLATE_DATE, date.today().isoformat().encode())
        text = text.replace(_TEMPLATE_ID, provider_id.encode())
    write_own_file(path, schema_comment("provider") + text)
    return path
