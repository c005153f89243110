"""The keyring of `ccswitch demo`: a plain file in a folder that is thrown away, for made-up keys only."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import reason_of
from ccswitch_py.core.files import read_own_json, write_own_file
from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.errors import KeyNotFound, KeyringFailed
from ccswitch_py.vault.store import KeyStore

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


class DemoFile(KeyStore):
    """Only ``backend_policy.chosen_keyring`` decides whether this may be used."""

    backend = "demo"
    ready = N_("The demo's fake keys are stored here.")

    def __init__(self, backend_id: str, paths: Paths, timeout_s: float) -> None:
        super().__init__(backend_id, paths, timeout_s)
        self.name = _("the demo's plain file")
        self._path = os.path.join(paths.state, "demo-keys.json")

    def probe(self) -> None:
        self._keys()

    def get(self, item: str) -> Secret:
        keys = self._keys()
        if item not in keys:
            raise KeyNotFound(item)
        return Secret(keys[item])

    def holds(self, item: str) -> bool:
        return item in self._keys()

    def set(self, item: str, secret: Secret) -> None:
        self._write({**self._keys(), item: secret.reveal()})

    def delete(self, item: str) -> None:
        keys = self._keys()
        if keys.pop(item, None) is not None:
            self._write(keys)

    def _keys(self) -> dict[str, str]:
        try:
            return read_own_json(self._path) or {}
        except (OSError, ValueError):
            raise KeyringFailed(_("the demo's file is damaged")) from None

    def _write(self, keys: dict[str, str]) -> None:
        try:
            write_own_file(self._path, json.dumps(keys).encode())
        except OSError as error:
            raise KeyringFailed(reason_of(error)) from None
