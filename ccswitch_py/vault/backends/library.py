"""A keyring that the `keyring` library reaches, asked in a process that can be killed: a keyring can hang for ever."""

from __future__ import annotations

import json
import os
import sys
import time

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.backend_policy import KEYRINGS
from ccswitch_py.vault.errors import ERRORS, KeyNotFound, KeyringError, KeyringFailed, KeyringTimeout
from ccswitch_py.vault.program import run_program
from ccswitch_py.vault.store import KeyStore, StoreStatus

_TIMEOUT_AFTER_A_HANG_S = 2.0


class LibraryStore(KeyStore):
    """One of ``backend_policy.KEYRINGS``; as it is for the macOS Keychain, and the base of the others."""

    def status(self) -> StoreStatus:
        name, backend = KEYRINGS[self.id]
        try:
            name = self.display_name()
            self.probe()
        except KeyUnavailable as error:
            return StoreStatus(name, backend, False, error.message, error.hint, type(error).__name__)
        return StoreStatus(name, backend, True, _("Keys can be stored and read."), "")

    def display_name(self) -> str:
        """Return what people call this keyring."""
        return KEYRINGS[self.id][0]

    def probe(self) -> None:
        """Raise ``KeyUnavailable`` if the keyring cannot be used now; never prompts."""
        self._ask("probe")

    def check_before(self) -> None:
        """Raise early, and cheaply, what the child process would only meet later or never."""

    def get(self, item: str) -> Secret:
        """Return the key; the keyring may ask the user first."""
        return Secret(self._ask("get", item=item)["key"])

    def holds(self, item: str) -> bool:
        """Ask for the key itself: the library cannot search."""
        try:
            self._ask("find", item=item)
        except KeyNotFound:
            return False
        return True

    def set(self, item: str, secret: Secret) -> None:
        """Store the key, read it back and compare; the keyring may ask the user first."""
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
            raise KeyringTimeout(_("{seconds} seconds", seconds=f"{self.timeout_s:g}"))
        code, output = ended
        try:
            answer: dict[str, str] = json.loads(b"" if code else output)
        except ValueError:
            raise KeyringFailed(_("its process ended with code {code}", code=code)) from None
        if "error" in answer:
            raise ERRORS.get(answer["error"], KeyringError)(answer["detail"])
        return answer


def _environ() -> dict[str, str]:
    """Return our environment with D-Bus where we found it: secretstorage knows only the variable."""
    environ = dict(os.environ)
    if sys.platform.startswith("linux"):
        from ccswitch_py.vault.secret_service_client import session_bus_address

        environ["DBUS_SESSION_BUS_ADDRESS"] = session_bus_address() or ""
    return environ
