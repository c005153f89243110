"""Which address, key, headers and models Claude Code will use in a folder, where each is set, and why that one wins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.targets.claude_code.explain import texts
from ccswitch_py.targets.claude_code.explain.faults import find_faults, find_notes
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.settings import find_login_file
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    X_API_KEY,
    Resolved,
    resolve,
    resolve_address,
    resolve_header,
    resolve_model,
    resolve_proxy,
    settings_of,
    uses_login,
)
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CUSTOM_HEADERS,
    HELPER,
    MODEL,
    OAUTH_TOKEN,
    PRIMARY_KEY,
    ROLE_VARIABLES,
)
from ccswitch_py.targets.explanation import ExplainedPart, Explanation, Layer

ADDRESS, PROXY, HEADERS = "address", "proxy", "headers"
_CREDENTIALS = {AUTHORIZATION: (AUTH_TOKEN, HELPER, OAUTH_TOKEN), X_API_KEY: (API_KEY, HELPER, PRIMARY_KEY)}


def explain(inspection: ClaudeCodeInspection) -> Explanation:
    """What ``claude`` would use; the parts are address, proxy (where one is set), the headers and the roles.

    Raises ``BadInput`` if the file of ``--settings`` is missing.
    """
    if inspection.settings_file is not None:
        _require_file(inspection.folder, inspection.settings_file)
    layers = inspection.layers
    login = find_login_file(inspection.environ)
    is_known = resolve_header(layers, AUTHORIZATION).unread is None
    used = login if is_known and uses_login(layers) else None
    parts = list(_parts(layers, used, has_login=login is not None))
    winners = {part.part: part.winner for part in parts}
    values = {part.part: part.value for part in parts}
    outcome = _(
        "Nothing wrong is seen: Claude Code calls {address}, and the main model is {model}.",
        address=values[ADDRESS],
        model=values["main"],
    )
    faults = find_faults(inspection, winners, used, is_known=not any(layer.unread for layer in layers))
    return Explanation(inspection.folder, parts, faults, find_notes(inspection, winners), layers, outcome)


def _require_file(folder: str, settings_file: str) -> None:
    path = os.path.join(folder, settings_file)
    if not os.path.exists(path):
        raise BadInput(
            _("There is no file {file}.", file=settings_file), _("Claude Code would not start; check the path.")
        )
    if not os.path.isfile(path):
        raise BadInput(
            _("{file} is there, but it is no ordinary file.", file=settings_file),
            _("Save what it gives to a file, and name that one: ccswitch reads no pipes, devices or folders."),
        )


def _parts(layers: Sequence[Layer], login: str | None, *, has_login: bool) -> Iterator[ExplainedPart]:
    address = resolve_address(layers)
    yield _explained(ADDRESS, texts.address(layers, address), address, layers, BASE_URL)
    proxy = resolve_proxy(layers, address.winner.text if address.winner else texts.ITS_OWN)
    if proxy.winner:
        yield _explained(PROXY, texts.proxy(proxy), proxy, layers, proxy.winner.entry.name)
    for header, names in _CREDENTIALS.items():
        credential = resolve_header(layers, header, has_login=has_login)
        value = texts.credential(credential, header, login if header == AUTHORIZATION else None)
        yield _explained(header, value, credential, layers, *names)
    headers = resolve(layers, CUSTOM_HEADERS)
    yield _explained(HEADERS, texts.headers(headers), headers, layers, CUSTOM_HEADERS)
    for role, variable in ROLE_VARIABLES.items():
        model = resolve_model(layers, role)
        names = (variable, MODEL) if role == "main" else (variable,)
        yield _explained(role, texts.model(layers, role, model), model, layers, *names)


def _explained(part: str, value: str, found: Resolved, layers: Sequence[Layer], *names: str) -> ExplainedPart:
    why, later = texts.why(found), settings_of(layers, *names, in_force=False)
    return ExplainedPart(part, texts.label(part), value, found.winner, why, found.others, later, found.unread)
