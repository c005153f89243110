"""Where the keys are kept: one door to whatever keyring this computer has."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccswitch_py.vault.backend_policy import (
    AUTOMATIC,
    DEMO,
    KWALLET,
    OF_THE_SYSTEM,
    PASS,
    SECRET_SERVICE,
    chosen_keyring,
    patience_s,
)

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.redact.secret import Secret

PATIENCE_S = 30.0
KWALLET_ON_THE_BUS = "org.kde.kwalletd5"


@dataclass(frozen=True)
class StoreStatus:
    """What a store is called, and whether it can be used now.

    ``name`` is for people; ``backend`` is the exact class or program; ``detail`` says what is so, ``hint`` what to do.
    ``trouble`` is the class of ``troubles`` that says why it is not ready.
    """

    name: str
    backend: str
    ready: bool
    detail: str
    hint: str
    trouble: str = ""


class KeyStore(ABC):
    """Keys by item, which is a name such as ``relay/1a2b3c4d``.

    All but ``status`` raise ``KeyUnavailable`` (one of ``troubles``) when the store cannot do it.
    """

    @abstractmethod
    def status(self) -> StoreStatus:
        """What this store is, and whether it can be used now; it never prompts and never raises."""

    @abstractmethod
    def get(self, item: str) -> Secret:
        """The key; raises ``KeyAbsent`` where there is none."""

    @abstractmethod
    def holds(self, item: str) -> bool:
        """Whether there is such a key; it is not read where the store can tell without."""

    @abstractmethod
    def set(self, item: str, secret: Secret) -> None:
        """Store the key, read it back and compare."""

    @abstractmethod
    def delete(self, item: str) -> None:
        """Remove the key; one that is absent is fine."""


def open_store(paths: Paths, timeout_s: float | None = None) -> KeyStore:
    """The store that the user or the system chose; the keyring itself is touched only when a key is asked for.

    Each operation ends within about ``timeout_s``, which the user may say. Raises as ``policy.chosen_keyring`` does.
    """
    choice = chosen_keyring(paths)
    if timeout_s is None:
        timeout_s = patience_s(PATIENCE_S)
    if choice == DEMO:
        from ccswitch_py.vault.backends.demo_store import DemoStore

        return DemoStore(paths)
    if choice == PASS:
        from ccswitch_py.vault.backends.pass_store import PassStore

        return PassStore(timeout_s)
    from ccswitch_py.vault.backends.keyring_store import KeyringStore

    return KeyringStore(_of_this_system(timeout_s) if choice == AUTOMATIC else choice, timeout_s)


def _of_this_system(timeout_s: float) -> str:
    if sys.platform in OF_THE_SYSTEM:
        return OF_THE_SYSTEM[sys.platform]
    from ccswitch_py.vault.backends import secret_service
    from ccswitch_py.vault.errors import NoSessionBus, StoreHangs

    try:
        if not secret_service.is_on_the_bus(secret_service.BUS_NAME, timeout_s) and secret_service.is_on_the_bus(
            KWALLET_ON_THE_BUS, timeout_s
        ):
            return KWALLET
    except (NoSessionBus, StoreHangs):
        pass
    return SECRET_SERVICE
