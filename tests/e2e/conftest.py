from collections.abc import Iterator

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from tests.support.agreement import KEY
from tests.support.home import KEY_VARIABLE
from tests.support.keyring_session import KeyringSession, gnome_keyring_session
from tests.support.programs import BIN, QUIET, claude_code


@pytest.fixture
def session() -> Iterator[KeyringSession]:
    """A user's session: a home of its own, a real GNOME Keyring, ccswitch and Claude Code on the PATH."""
    with gnome_keyring_session() as session:
        folder = claude_code().rpartition("/")[0]
        session.environ |= QUIET | {"PATH": f"{BIN}:{folder}:{session.environ['PATH']}"}
        (session.home / "project").mkdir()
        yield session


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(accepts=lambda key: True) as running:
        yield running


@pytest.fixture
def other_gateway() -> Iterator[Gateway]:
    with Gateway(accepts=lambda key: True) as running:
        yield running


@pytest.fixture
def home(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    return paths
