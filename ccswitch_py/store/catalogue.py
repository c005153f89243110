"""The model ids of a provider, for hints: read without validation, which would import pydantic."""

from __future__ import annotations

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import read_own_file
from ccswitch_py.store.profile_files import provider_path
from ccswitch_py.store.toml import parse_toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


def catalogue_ids(paths: Paths, provider_id: str | None) -> tuple[str, ...]:
    """The ids of the models that a provider is known to serve; none for a file that is missing or broken."""
    if provider_id is None:
        return ()
    try:
        path = provider_path(paths, provider_id)
        return tuple(str(model["id"]) for model in parse_toml(path, read_own_file(path) or b"")["models"])
    except (CcswitchError, KeyError, TypeError):
        return ()
