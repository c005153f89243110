"""Fetches the key that a reference names: from the keyring, a variable or a command."""

from __future__ import annotations

import os
import time

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import _, join_sentences, quoted
from ccswitch_py.vault.backend_policy import PATIENCE_S, patience_s, uses_secret_service
from ccswitch_py.vault.errors import (
    KeyNotFound,
    KeyringFailed,
    KeyringLocked,
    NoDefaultCollection,
    NoKeyringService,
    has_screen,
)
from ccswitch_py.vault.pasted_key import clean_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.key_ref import KeyRef
    from ccswitch_py.redact.secret import Secret


def resolve_key(ref: KeyRef, paths: Paths, timeout_s: float = PATIENCE_S) -> Secret:
    """Return the key of a resolved reference, as a launch record has it.

    A locked keyring may ask the user where there is a screen. Raises ``KeyUnavailable`` with what to do next, also for
    a value that cannot be a key.
    """
    timeout_s = patience_s(timeout_s)
    match ref.kind:
        case "keyring":
            value = _from_keyring(ref, paths, timeout_s)
            problem = _("The key '{name}' in the keyring is no usable key.", name=quoted(ref.name))
        case "variable":
            value = _from_variable(ref.env)
            problem = _("The variable {variable} is no usable key.", variable=ref.env)
        case "command":
            value = _from_command(ref.command, timeout_s).strip().partition("\n")[0]
            problem = _("What `{program}` prints is no usable key.", program=ref.label)
    try:
        return clean_key(value)[0]
    except BadInput as refusal:
        raise KeyUnavailable(join_sentences(problem, refusal.message), refusal.hint) from None


def _from_keyring(ref: KeyRef, paths: Paths, timeout_s: float) -> str:
    started = time.monotonic()
    try:
        if uses_secret_service(paths):
            from ccswitch_py.vault import secret_service_client as secret_service

            try:
                return secret_service.read_item(ref.item, timeout_s)
            except (KeyringLocked, NoDefaultCollection):
                if not has_screen():
                    raise
            except (NoKeyringService, KeyringFailed):
                pass  # another backend may still have it
        from ccswitch_py.vault.store import open_store

        left_s = max(1.0, timeout_s - (time.monotonic() - started))
        return open_store(paths, left_s).get(ref.item).reveal()
    except KeyNotFound:
        raise KeyUnavailable(
            _("The keyring holds no key '{name}'.", name=quoted(ref.name)),
            _("Store it again with `ccswitch keys set {name}`.", name=ref.name),
        ) from None


def _from_variable(variable: str) -> str:
    value = os.environ.get(variable)
    if value and value.strip():
        return value
    if value is None:
        problem = _("The variable {variable}, which holds the key, is not set.", variable=variable)
    else:
        problem = _("The variable {variable}, which holds the key, is empty.", variable=variable)
    advice = _("Export {variable} in the shell that starts the tool, then start the tool again.", variable=variable)
    raise KeyUnavailable(problem, advice)


def _from_command(argv: tuple[str, ...], timeout_s: float) -> str:
    from ccswitch_py.vault.program import find_program, run_program

    program, home = argv[0], os.path.expanduser("~")
    folder = home if os.path.isdir(home) else None
    ended = run_program([find_program(program), *argv[1:]], timeout_s, folder=folder)
    if ended is None:
        problem = _(
            "The command `{program}` should print the key, and did not end within {seconds} seconds.",
            program=program,
            seconds=f"{timeout_s:g}",
        )
    elif ended[0]:
        problem = _(
            "The command `{program}` should print the key, and ended with exit code {code}.",
            program=program,
            code=ended[0],
        )
    elif not ended[1].strip():
        problem = _("The command `{program}` should print the key, and printed nothing.", program=program)
    else:
        return ended[1].decode("utf-8", "replace")
    advice = _(
        "Run `{program}` with the profile's arguments in a terminal to see its errors.",
        program=program,
    )
    raise KeyUnavailable(problem, advice)
