"""Names that become file names, arguments or header values, and what they may hold."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, quoted
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key

_NAME = re.compile(r"[^\W_](?:[\w.-]*\w)?", re.UNICODE)
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{i}" for i in range(1, 10)),
    *(f"lpt{i}" for i in range(1, 10)),
}
_PROVIDER_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_MODEL_ID = re.compile(r"[!-~]{1,200}")


def check_name(name: str, what: str = "profile") -> str:
    """Return ``name`` if it can be a file name everywhere; letters of any script are welcome.

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
            _("Use letters, digits, and - . _ between them, at most 100 bytes."),
        )
    return name


def check_model_id(model_id: str) -> str:
    """Return the id if it can be sent and stored; raises ``BadInput``."""
    if contains_key(model_id):
        raise key_instead_of_name()
    if not _MODEL_ID.fullmatch(model_id):
        raise BadInput(
            _("'{id}' cannot be a model id.", id=quoted(model_id)),
            _("Use the id as the gateway's page shows it, without blanks."),
        )
    if model_id == "default":
        raise BadInput(_('Claude Code sends the model id "default" as it stands.'), _("Choose a real model id."))
    return model_id


def check_provider_id(provider_id: str) -> str:
    """Return the id if it can be a file's stem; raises ``BadInput``."""
    if looks_like_key(provider_id):
        raise key_instead_of_name()
    if not _PROVIDER_ID.fullmatch(provider_id):
        raise BadInput(
            _("'{id}' cannot be a provider's id.", id=quoted(provider_id)),
            _("Use small letters, digits and hyphens, at most 40."),
        )
    return provider_id


def key_instead_of_name() -> BadInput:
    """What is said of a key that stands where everybody can read it; it is not quoted."""
    return BadInput(
        _("This looks like a key, and a name belongs here."),
        _("Store the key with `ccswitch keys set NAME`, and take it out of here."),
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
