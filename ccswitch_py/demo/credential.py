"""Which key a request brings, and whether the gateway takes it."""

from __future__ import annotations

from ccswitch_py.demo.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEMO_PREFIX = "demo-"


def demo_key(key: str) -> bool:
    """Whether this is a key of the demo: any that begins with ``demo-``, so that nobody needs a real one."""
    return key.startswith(DEMO_PREFIX) and len(key) > len(DEMO_PREFIX)


def presented_key(headers: Mapping[str, str], auth: str) -> str | None:
    """The key in the header that a gateway with this ``auth`` reads; ``headers`` has lower-case names."""
    if auth == "x-api-key":
        return headers.get("x-api-key", "").strip() or None
    bearer = _bearer(headers.get("authorization", ""))
    if bearer is None and auth in ("both", "either"):
        return presented_key(headers, "x-api-key")
    return bearer


def require_key(headers: Mapping[str, str], auth: str, accepts: Callable[[str], bool]) -> str:
    """The key of a request, if it is accepted; raises ``Problem`` (401), whose message never repeats the key."""
    key = presented_key(headers, auth)
    wanted = "x-api-key header" if auth == "x-api-key" else "Authorization header, as: Bearer YOUR_API_KEY"
    if key is None:
        ignored = auth == "bearer" and "x-api-key" in headers
        aside = " The x-api-key header is not read here." if ignored else ""
        raise Problem(401, f"No key was found. Send it in the {wanted}.{aside}")
    if not accepts(key):
        aside = f" The demo takes made-up keys that begin with {DEMO_PREFIX}" if accepts is demo_key else ""
        raise Problem(401, f"The key was not accepted. It is read from the {wanted}.{aside}")
    return key


def _bearer(authorization: str) -> str | None:
    scheme, _, key = authorization.strip().partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None
