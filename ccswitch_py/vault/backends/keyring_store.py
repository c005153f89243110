"""Keys in the operating system's keyring, each time asked through a process that can be killed."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.backend_policy import KEYRINGS, KWALLET, SECRET_SERVICE, WINDOWS_CREDENTIALS
from ccswitch_py.vault.errors import (
    TROUBLES,
    KeyAbsent,
    KeyTooLong,
    StoreFailed,
    StoreHangs,
    StoreTrouble,
    has_screen,
)
from ccswitch_py.vault.program import run_program
from ccswitch_py.vault.store import KeyStore, StoreStatus

if TYPE_CHECKING:
    from typing import Any

# CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h, which holds the key as UTF-16.
WINDOWS_LIMIT_BYTES = 5 * 512

_AFTER_A_HANG_S = 2.0

PROGRAM_NAMES = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
    "ksecretd": "KWallet",
    "kdewallet": "KWallet",
}
"""Programs that offer the Secret Service, by the name that the Linux kernel shows (at most 15 characters)."""


class KeyringStore(KeyStore):
    """One of ``policy.KEYRINGS``."""

    def __init__(self, keyring_id: str, timeout_s: float) -> None:
        self._id = keyring_id
        self._timeout_s = timeout_s

    def status(self) -> StoreStatus:
        """What this keyring is and whether it can be used now; it never prompts."""
        human_name, backend = KEYRINGS[self._id]
        try:
            if self._id == SECRET_SERVICE:
                human_name = self._secret_service_name()
                self._require_answer(may_prompt=False)
            else:
                self._ask("look")
        except KeyUnavailable as trouble:
            return StoreStatus(human_name, backend, False, trouble.message, trouble.hint, type(trouble).__name__)
        return StoreStatus(human_name, backend, True, _("Keys can be stored and read."), "")

    def get(self, item: str) -> Secret:
        """The key; the keyring may ask the user first."""
        return Secret(self._ask("get", item=item)["key"])

    def holds(self, item: str) -> bool:
        """Whether it is there; only a keyring that cannot be searched is asked for the key itself."""
        if self._id == SECRET_SERVICE:
            from ccswitch_py.vault.backends.secret_service import has_item

            return has_item(item, self._timeout_s)
        try:
            self._ask("find", item=item)
        except KeyAbsent:
            return False
        return True

    def set(self, item: str, secret: Secret) -> None:
        """Store the key, read it back and compare; the keyring may ask the user first."""
        key = secret.reveal()
        if self._id == WINDOWS_CREDENTIALS and len(key.encode("utf-16-le")) > WINDOWS_LIMIT_BYTES:
            raise KeyTooLong(str(WINDOWS_LIMIT_BYTES // 2))
        self._ask("set", item=item, key=key)

    def delete(self, item: str) -> None:
        """Remove the key; one that is absent is fine."""
        self._ask("delete", item=item)

    def _ask(self, act: str, **question: str) -> dict[str, str]:
        try:
            return self._asked(act, **question)
        except StoreHangs:
            # What is asked next takes back what was begun: one that hangs is not waited for as long again.
            self._timeout_s = min(self._timeout_s, _AFTER_A_HANG_S)
            raise

    def _asked(self, act: str, **question: str) -> dict[str, str]:
        started = time.monotonic()
        self._require_answer(may_prompt=True)
        left_s = max(0.1, self._timeout_s - (time.monotonic() - started))
        ended = run_program(
            [sys.executable, "-I", "-m", "ccswitch_py.vault.child"],
            left_s,
            given=json.dumps({"keyring": self._id, "act": act, **question}).encode(),
            environ=_environ(),
        )
        if ended is None:
            raise StoreHangs(_("{seconds} seconds", seconds=f"{self._timeout_s:g}"))
        code, output = ended
        answer: dict[str, Any] | None = _parsed(output)
        if code or answer is None:
            raise StoreFailed(_("its process ended with code {code}", code=code))
        if "trouble" in answer:
            raise TROUBLES.get(answer["trouble"], StoreTrouble)(answer["detail"])
        return answer

    def _require_answer(self, *, may_prompt: bool) -> None:
        """Find out cheaply what the child would only meet later, or never: no D-Bus, no keyring, nobody to ask."""
        if self._id == SECRET_SERVICE:
            from ccswitch_py.vault.backends import secret_service
            from ccswitch_py.vault.errors import NoDefaultCollection, StoreLocked

            try:
                secret_service.require_open(self._timeout_s)
            except (StoreLocked, NoDefaultCollection):
                if not (may_prompt and has_screen()):
                    raise
        elif self._id == KWALLET:
            import importlib.util

            if importlib.util.find_spec("dbus") is None:
                raise StoreFailed(_("KWallet is asked through dbus-python, which is not installed"))

    def _secret_service_name(self) -> str:
        from ccswitch_py.vault.backends.secret_service import owner_program

        program = PROGRAM_NAMES.get(owner_program(self._timeout_s))
        name = KEYRINGS[self._id][0]
        return f"{program} ({name})" if program else name


def _parsed(output: bytes) -> dict[str, Any] | None:
    try:
        return json.loads(output)
    except ValueError:
        return None


def _environ() -> dict[str, str]:
    """Ours, with D-Bus where we found it: secretstorage knows only the variable."""
    environ = dict(os.environ)
    if sys.platform.startswith("linux"):
        from ccswitch_py.vault.backends.secret_service import session_bus_address

        environ["DBUS_SESSION_BUS_ADDRESS"] = session_bus_address() or ""
    return environ
