"""Where keys are kept: what a backend can do, and the choice of one for this computer."""

from __future__ import annotations

import importlib
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import N_, _
from ccswitch_py.vault.backend_policy import (
    AUTOMATIC,
    DEMO,
    KWALLET,
    MACOS_KEYCHAIN,
    PASS,
    SECRET_SERVICE,
    WINDOWS_CREDENTIALS,
    chosen_keyring,
    patience_s,
)

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.redact.secret import Secret

BACKENDS = {
    SECRET_SERVICE: "linux.SecretServiceStore",
    KWALLET: "linux.KWalletStore",
    MACOS_KEYCHAIN: "library.LibraryStore",
    WINDOWS_CREDENTIALS: "library.WindowsStore",
    PASS: "password_store.PasswordStore",
    DEMO: "demo_file.DemoFile",
}
"""The classes below ``vault.backends``, imported only when chosen."""

PRIORITY = {"darwin": (MACOS_KEYCHAIN,), "win32": (WINDOWS_CREDENTIALS,)}
"""The backends to choose from without the user's choice, best first, by ``sys.platform``."""
_PRIORITY_ELSEWHERE = (SECRET_SERVICE, KWALLET)


@dataclass(frozen=True)
class StoreStatus:
    """Whether a store can be used now.

    ``name`` is for people, ``backend`` the exact class or program; ``error`` is the class of ``vault.errors`` that
    says why it is not ready.
    """

    name: str
    backend: str
    ready: bool
    detail: str
    hint: str
    error: str = ""


class KeyStore(ABC):
    """A backend: keys by item, a name such as ``relay/1a2b3c4d``.

    Each operation ends within about ``timeout_s``. All but ``status`` raise a ``KeyringError`` when the store cannot do
    it.
    """

    name = backend = ""
    ready = N_("Keys can be stored and read.")

    def __init__(self, backend_id: str, paths: Paths, timeout_s: float) -> None:
        self.id = backend_id
        self.paths = paths
        self.timeout_s = timeout_s

    def is_running(self) -> bool:
        """Return whether this backend is there, for the choice by priority; never prompts and never raises."""
        return True

    def status(self) -> StoreStatus:
        """Report whether the store can be used now; never prompts and never raises."""
        try:
            self.probe()
        except KeyUnavailable as error:
            return StoreStatus(self.name, self.backend, False, error.message, error.hint, type(error).__name__)
        return StoreStatus(self.name, self.backend, True, _(self.ready), "")

    @abstractmethod
    def probe(self) -> None:
        """Raise ``KeyUnavailable`` if the store cannot be used now; never prompts."""

    @abstractmethod
    def get(self, item: str) -> Secret:
        """Return the key; raises ``KeyNotFound``."""

    @abstractmethod
    def holds(self, item: str) -> bool:
        """Return whether there is such a key, without reading it where the store can tell."""

    @abstractmethod
    def set(self, item: str, secret: Secret) -> None:
        """Store the key, read it back and compare."""

    @abstractmethod
    def delete(self, item: str) -> None:
        """Delete the key, if there is one."""


def open_store(paths: Paths, timeout_s: float | None = None) -> KeyStore:
    """Return the store that the user chose, or the first by priority that is there.

    The keyring itself is touched only when a key is asked for. Raises as ``backend_policy.chosen_keyring`` does.
    """
    choice = chosen_keyring(paths)
    if timeout_s is None:
        timeout_s = patience_s()
    if choice != AUTOMATIC:
        return _backend(choice, paths, timeout_s)
    stores = [_backend(one, paths, timeout_s) for one in PRIORITY.get(sys.platform, _PRIORITY_ELSEWHERE)]
    return next((store for store in stores if store.is_running()), stores[0])


def _backend(backend_id: str, paths: Paths, timeout_s: float) -> KeyStore:
    module, _dot, name = BACKENDS[backend_id].partition(".")
    backend: type[KeyStore] = getattr(importlib.import_module(f"ccswitch_py.vault.backends.{module}"), name)
    return backend(backend_id, paths, timeout_s)
