"""Gateways that refuse something of Claude Code's requests, or wait with their answers until a test lets them go on."""

from __future__ import annotations

import threading

from tests.support.good_gateway import GOOD, GoodGateway, refusing
from tests.support.misbehaving import Script, Talk, error

EFFORT_SWITCH = "CLAUDE_CODE_EFFORT_LEVEL=unset"
REFUSED = error(400, "invalid_request_error", "output_config: Extra inputs are not permitted")


def without_effort() -> GoodGateway:
    """Works with Claude Code once the switch for the effort is set."""
    return refusing(lambda body, _: "output_config" in body, REFUSED)


def admits_claude_code_only(talk: Talk) -> None:
    """Serves nobody but Claude Code."""
    if talk.request.headers["user-agent"].startswith("claude-cli/"):
        GOOD(talk)
    else:
        error(403, "permission_error", "This group only allows Claude Code clients")(talk)


class Held:
    """Answers the first ``free`` requests with a script, and the others once they are let go."""

    def __init__(self, free: int = 0, script: Script = GOOD) -> None:
        self._free = free
        self._script = script
        self._gate = threading.Event()

    def __call__(self, talk: Talk) -> None:
        """Answer one request."""
        if self._free:
            self._free -= 1
        else:
            self._gate.wait()
        self._script(talk)

    def let_go(self) -> None:
        """Answer what waits, and all that comes."""
        self._gate.set()


def reads_key_from(auth: str, key: str) -> GoodGateway:
    """Serves whoever sends the key in the header of this auth scheme, and looks at no other."""
    wanted = {"bearer": ("authorization", f"Bearer {key}"), "x-api-key": ("x-api-key", key)}[auth]
    denied = error(401, "authentication_error", "invalid x-api-key")
    return refusing(lambda _body, headers: headers.get(wanted[0]) != wanted[1], denied)
