"""Check names that become file names, arguments or header values."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, quoted
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key

_NAME = re.compile(r"[^\W_](?:[\w.-]*\w)?", re.UNICODE)
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}
_PROVIDER_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_MODEL_ID = re.compile(r"[!-~]{1,200}")


def check_name(name: str, what: str = "profile") -> str:
    """Return ``name`` if it is a valid file name on every platform; letters of any script are allowed.

    Raises ``BadInput``.
    """
    if looks_like_key(name):
        raise key_instead_of_name()
    if not _NAME.fullmatch(name) or len(name.encode()) > 100 or name.split(".")[0].lower() in _RESERVED:
        shown = quoted(name)
        raise BadInput(
            _("'{name}' cannot be the name of a key.", name=shown)
            if what == "key"
            else _("'{name}' cannot be the name of a profile.", name=shown),
            _("Use letters and digits, with - . _ between them, at most 100 bytes."),
        )
    return name


def check_model_id(model_id: str) -> str:
    """Return the id if it can be sent and stored; raises ``BadInput``."""
    if contains_key(model_id):
        raise key_instead_of_name()
    if not _MODEL_ID.fullmatch(model_id):
        raise BadInput(
            _("'{id}' cannot be a model id.", id=quoted(model_id)),
            _("Use the id as the provider documents it, without spaces."),
        )
    if model_id == "default":
        raise BadInput(_('"default" is not a model id; it would be sent literally.'), _("Choose a real model id."))
    return model_id


def check_provider_id(provider_id: str) -> str:
    """Return the id if it can be a file's stem; raises ``BadInput``."""
    if looks_like_key(provider_id):
        raise key_instead_of_name()
    if not _PROVIDER_ID.fullmatch(provider_id):
        raise BadInput(
            _("'{id}' cannot be a provider's id.", id=quoted(provider_id)),
            _("Use at most 40 lowercase letters, digits and hyphens."),
        )
    return provider_id


def key_instead_of_name() -> BadInput:
    """The error for a key where a name belongs; it does not quote the key."""
    return BadInput(
        _("This looks like a key, but a name is expected."),
        _("Store the key with `ccswitch keys set NAME` and remove it from here."),
    )


def _as_value_error(check: str, text: str) -> str:
    checks = {"model": check_model_id, "provider": check_provider_id, "name": check_name}
    try:
        return checks[check](text)
    except BadInput as error:
        raise ValueError(str(error)) from error


ModelId = Annotated[str, AfterValidator(lambda text: _as_value_error("model", text))]
ProviderId = Annotated[str, AfterValidator(lambda text: _as_value_error("provider", text))]
Name = Annotated[str, AfterValidator(lambda text: _as_value_error("name", text))]
