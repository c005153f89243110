"""Keyrings behind the `keyring` library, in a child process that can be killed: a keyring can hang forever."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

from ccswitch_py.core.files import parse_json
from ccswitch_py.core.language import _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.backend_policy import KEYRINGS
from ccswitch_py.vault.errors import ERRORS, KeyNotFound, KeyringError, KeyringFailed, KeyringTimeout, KeyTooLong
from ccswitch_py.vault.program import run_program
from ccswitch_py.vault.store import KeyStore

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths

_TIMEOUT_AFTER_A_HANG_S = 2.0
_WINDOWS_LIMIT_BYTES = 5 * 512
"""CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h; it holds the key as UTF-16."""


class LibraryStore(KeyStore):
    """One of ``backend_policy.KEYRINGS``; the macOS Keychain as it is, and the base of the others.

    ``get`` and ``set`` may ask the user first.
    """

    def __init__(self, backend_id: str, paths: Paths, timeout_s: float) -> None:
        super().__init__(backend_id, paths, timeout_s)
        self.name, self.backend = KEYRINGS[backend_id]

    def probe(self) -> None:
        self._ask("probe")

    def check_before(self) -> None:
        """Raise early, and cheaply, what the child process would only meet later or never."""

    def get(self, item: str) -> Secret:
        return Secret(self._ask("get", item=item)["key"])

    def holds(self, item: str) -> bool:
        """Ask for the key itself: the library cannot search."""
        try:
            self._ask("find", item=item)
        except KeyNotFound:
            return False
        return True

    def set(self, item: str, secret: Secret) -> None:
        self._ask("set", item=item, key=secret.reveal())

    def delete(self, item: str) -> None:
        self._ask("delete", item=item)

    def _ask(self, act: str, **question: str) -> dict[str, str]:
        try:
            return self._answer(act, question)
        except KeyringTimeout:
            # What follows is most likely a rollback: it does not wait as long again.
            self.timeout_s = min(self.timeout_s, _TIMEOUT_AFTER_A_HANG_S)
            raise

    def _answer(self, act: str, question: dict[str, str]) -> dict[str, str]:
        started = time.monotonic()
        self.check_before()
        left_s = max(0.1, self.timeout_s - (time.monotonic() - started))
        ended = run_program(
            [sys.executable, "-I", "-m", "ccswitch_py.vault.library_process"],
            left_s,
            given=json.dumps({"keyring": self.id, "act": act, **question}).encode(),
            environ=_environ(),
        )
        if ended is None:
            raise KeyringTimeout(f"{self.timeout_s:g}")
        code, output = ended
        try:
            answer: dict[str, str] = parse_json(b"" if code else output)
        except ValueError:
            raise KeyringFailed(_("its process exited with code {code}", code=code)) from None
        if "error" in answer:
            raise ERRORS.get(answer["error"], KeyringError)(answer["detail"])
        return answer


class WindowsStore(LibraryStore):
    """The Windows Credential Manager: credentials of the type "generic", named after the key's item."""

    def set(self, item: str, secret: Secret) -> None:
        """Refuse a key that a credential cannot hold; Windows may truncate it silently."""
        if len(secret.reveal().encode("utf-16-le")) > _WINDOWS_LIMIT_BYTES:
            raise KeyTooLong(str(_WINDOWS_LIMIT_BYTES // 2))
        super().set(item, secret)


def _environ() -> dict[str, str]:
    """Return our environment with D-Bus where we found it: secretstorage knows only the variable."""
    environ = dict(os.environ)
    if sys.platform.startswith("linux"):
        from ccswitch_py.vault.secret_service_client import session_bus_address

        environ["DBUS_SESSION_BUS_ADDRESS"] = session_bus_address() or ""
    return environ
