"""The Windows Credential Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.vault.backends.library import LibraryStore
from ccswitch_py.vault.errors import KeyTooLong

if TYPE_CHECKING:
    from ccswitch_py.redact.secret import Secret

# CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h, which holds the key as UTF-16.
_LIMIT_BYTES = 5 * 512


class WindowsStore(LibraryStore):
    """Credentials of the type "generic", named after the key's item."""

    def set(self, item: str, secret: Secret) -> None:
        """Refuse a key that a credential cannot hold; Windows may truncate it silently."""
        if len(secret.reveal().encode("utf-16-le")) > _LIMIT_BYTES:
            raise KeyTooLong(str(_LIMIT_BYTES // 2))
        super().set(item, secret)
