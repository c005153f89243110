"""The doctor on a machine with everything real: GNOME Keyring, Claude Code, a gateway."""

import json

import pytest

from ccswitch_py.demo.server import Gateway
from tests.support.keyring_session import KeyringSession
from tests.support.programs import CLAUDE_CODE_VERSION, ccswitch

pytestmark = pytest.mark.real

KEY = "sk-made-up-canary-0123456789-wxyz"


def test_a_machine_in_order_is_said_to_be_so_until_its_gateway_has_gone(session: KeyringSession) -> None:
    environ, project = session.environ, str(session.home / "project")
    with Gateway(accepts=lambda key: key == KEY) as gateway:
        address = ["--base-url", gateway.base_url, "--main", "m", "--same-as-main"]
        ccswitch(environ, "add", "work", *address, "--key-stdin", given=KEY)
        ccswitch(environ, "use", "work")
        found = levels(ccswitch(environ, "doctor", project, "--json"))
        well = {"keyring_ready", "keys_there", "helper_ready", "loopback_ready", "claude_version", "own_files_ready"}
        assert well <= {code for code, level in found.items() if level == "ok"}
        assert "broken" not in found.values()
    assert levels(ccswitch(environ, "doctor", project, "--json", code=1))["loopback_dead"] == "broken"

    session.lock()
    said = ccswitch(environ, "doctor", project, code=1)
    report = ccswitch(environ, "doctor", project, "--report", code=1)
    assert "keyring_unusable" in said and "KeyringLocked" in report
    assert CLAUDE_CODE_VERSION in said and CLAUDE_CODE_VERSION in report
    assert "work" not in report and str(session.home) not in said + report
    assert KEY not in said + report


def levels(printed: str) -> dict[str, str]:
    return {finding["code"]: finding["level"] for finding in json.loads(printed)["findings"]}
