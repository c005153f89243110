"""The model ids of a provider, for hints: read without checking the file, which would load far more."""

from __future__ import annotations

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import read_bytes
from ccswitch_py.store.profile_files import provider_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


def catalogue_ids(paths: Paths, provider_id: str | None) -> tuple[str, ...]:
    """The ids of the models that a provider is known to serve; none for a file that is missing or broken."""
    import tomllib

    if provider_id is None:
        return ()
    try:
        content = read_bytes(provider_path(paths, provider_id)) or b""
        return tuple(str(model["id"]) for model in tomllib.loads(content.decode("utf-8-sig"))["models"])
    except (CcswitchError, OSError, ValueError, KeyError, TypeError):
        return ()
