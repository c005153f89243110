"""The process that runs the `keyring` library, so that a keyring which hangs can be killed: one question, one answer.

The question is ``{"keyring": ID, "act": "get|find|set|delete|probe", "item": ITEM, "key": KEY}`` on stdin; the answer
is ``{"key": KEY}`` or ``{}``, or ``{"error": CLASS, "detail": TEXT}`` with a name of ``errors.ERRORS``. The backend is
named by its class: the library's own search imports them all and would take whatever is installed.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from typing import TYPE_CHECKING

from ccswitch_py.core.process_protection import protect_process
from ccswitch_py.vault.backend_policy import KEYRINGS
from ccswitch_py.vault.errors import (
    KeyNotFound,
    KeyNotStored,
    KeyringDenied,
    KeyringError,
    KeyringFailed,
    KeyringLocked,
    NoKeyringService,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

SERVICE_NAME = "ccswitch"

BY_ERROR_CLASS: dict[str, type[KeyringError]] = {
    "PromptDismissedException": KeyringDenied,
    "KeychainDenied": KeyringDenied,
    "SecAuthFailure": KeyringDenied,
    "LockedException": KeyringLocked,
    "SecretServiceNotAvailableException": NoKeyringService,
    "KeyringLocked": KeyringDenied,
}
"""What the libraries below raise; a keyring that is still locked has prompted, and the user refused."""

BY_ERROR_NUMBER: dict[int, type[KeyringError]] = {
    -25308: KeyringLocked,  # macOS errSecInteractionNotAllowed: over SSH, or before the login
    -128: KeyringDenied,  # macOS errSecUserCanceled
    -25293: KeyringDenied,  # macOS errSecAuthFailed: a wrong password
    5: KeyringDenied,  # Windows ERROR_ACCESS_DENIED
    1312: KeyringLocked,  # Windows ERROR_NO_SUCH_LOGON_SESSION: over SSH, or in a service
}


def main() -> int:
    """Answer the question on stdin."""
    protect_process()
    question: dict[str, str] = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            answer = _act(_open_backend(question["keyring"]), question)
        except Exception as error:
            found = error if isinstance(error, KeyringError) else error_of(error)
            answer = {"error": type(found).__name__, "detail": found.detail}
    json.dump(answer, sys.stdout)
    return 0


def _act(keyring: KeyringBackend, question: dict[str, str]) -> dict[str, str]:
    item = question.get("item", "")
    match question["act"]:
        case "get" | "find":
            key = keyring.get_password(SERVICE_NAME, item)
            if key is None:
                raise KeyNotFound(item)
            return {"key": key} if question["act"] == "get" else {}
        case "set":
            keyring.set_password(SERVICE_NAME, item, question["key"])  # pyright: ignore[reportUnknownMemberType]
            if keyring.get_password(SERVICE_NAME, item) != question["key"]:
                raise KeyNotStored(KEYRINGS[question["keyring"]][0])
        case "delete":
            _delete(keyring, item)
        case _:
            pass
    return {}


def _delete(keyring: KeyringBackend, item: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        keyring.delete_password(SERVICE_NAME, item)
    except PasswordDeleteError:
        if keyring.get_password(SERVICE_NAME, item) is not None:
            raise


def _open_backend(keyring_id: str) -> KeyringBackend:
    module, _, name = KEYRINGS[keyring_id][1].rpartition(".")
    backend: type[KeyringBackend] = getattr(importlib.import_module(module), name)
    return backend()


def error_of(error: BaseException) -> KeyringError:
    """Map an exception of the `keyring` library or below to its cause; never reads its text: a key could be in it."""
    for cause in _causes(error):
        number = next((value for value in cause.args if isinstance(value, int)), 0)
        known = BY_ERROR_NUMBER.get(number) or BY_ERROR_CLASS.get(type(cause).__name__)
        if known is not None:
            return known()
    number = next((value for cause in _causes(error) for value in cause.args if isinstance(value, int)), None)
    return KeyringFailed(type(error).__name__ if number is None else f"{type(error).__name__} {number}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what led to it, innermost first."""
    inner = error.__cause__ or error.__context__
    if inner is not None:
        yield from _causes(inner)
    yield error


if __name__ == "__main__":
    sys.exit(main())
