"""`pass`, the password store that GnuPG encrypts: for servers and WSL, and only when the user names it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.errors import KeyNotFound, KeyNotStored, KeyringFailed, KeyringTimeout
from ccswitch_py.vault.program import find_program, run_program
from ccswitch_py.vault.store import KeyStore

if TYPE_CHECKING:
    from typing import Final

    from ccswitch_py.core.paths import Paths

PROGRAM: Final = "pass"
FOLDER: Final = "ccswitch"


class PasswordStore(KeyStore):
    """The entries ``ccswitch/ITEM`` of the user's password store."""

    name = backend = PROGRAM

    def __init__(self, backend_id: str, paths: Paths, timeout_s: float) -> None:
        super().__init__(backend_id, paths, timeout_s)
        self._folder = os.environ.get("PASSWORD_STORE_DIR") or os.path.expanduser("~/.password-store")
        self.ready = _("Keys are stored in {folder}.", folder=self._folder)

    def probe(self) -> None:
        find_program(PROGRAM)
        self._require_set_up()

    def get(self, item: str) -> Secret:
        """Return the entry's first line; GnuPG may ask for its passphrase."""
        if not os.path.exists(self._file(item)):
            raise KeyNotFound(item)
        return Secret(self._run("show", _entry(item)).decode("utf-8", "replace").partition("\n")[0])

    def holds(self, item: str) -> bool:
        """Return whether there is an entry; decrypts nothing."""
        self._require_set_up()
        return os.path.exists(self._file(item))

    def set(self, item: str, secret: Secret) -> None:
        self._require_set_up()
        self._run("insert", "--multiline", "--force", _entry(item), given=secret.reveal().encode() + b"\n")
        if self.get(item) != secret:
            raise KeyNotStored("pass")

    def delete(self, item: str) -> None:
        if os.path.exists(self._file(item)):
            self._run("rm", "--force", _entry(item))

    def _run(self, *arguments: str, given: bytes = b"") -> bytes:
        ended = run_program([find_program(PROGRAM), *arguments], self.timeout_s, given=given)
        if ended is None:
            raise KeyringTimeout(f"{self.timeout_s:g}")
        code, output = ended
        if code:
            raise KeyringFailed(_("`pass {command}` ended with code {code}", command=arguments[0], code=code))
        return output

    def _require_set_up(self) -> None:
        if not os.path.exists(os.path.join(self._folder, ".gpg-id")):
            raise KeyUnavailable(
                _("`pass` has no password store yet."), _("Make one with `pass init` and your GnuPG key's id.")
            )

    def _file(self, item: str) -> str:
        return os.path.join(self._folder, *_entry(item).split("/")) + ".gpg"


def _entry(item: str) -> str:
    return f"{FOLDER}/{item}"
