"""Looks whether a host that is named with http answers https too; no key is sent for that."""

from __future__ import annotations

import asyncio
import ssl

from ccswitch_py.model.base_url import BaseUrl

PATIENCE_S = 4.0


async def find_https_equivalent(url: BaseUrl) -> BaseUrl | None:
    """The same address over https, if its host proves there who it is within a few seconds."""
    twin = BaseUrl(str(url).replace("http://", "https://", 1))
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(twin.host, twin.port, ssl=ssl.create_default_context())
    except (OSError, TimeoutError):
        return None
    writer.close()
    return twin
