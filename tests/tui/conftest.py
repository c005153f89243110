import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.files import write_own
from ccswitch_py.gateway.server import Gateway
from ccswitch_py.paths import Paths
from ccswitch_py.vault.policy import DEMO, DEMO_MARK
from tests.support.own_provider import OWN_MINGYAN


@pytest.fixture
def gateway(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """The embedded gateway as the provider mingyan, and the demo's keyring."""
    write_own(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    with Gateway() as running:
        Path(paths.providers).mkdir(parents=True)
        Path(paths.providers, "mingyan.toml").write_text(OWN_MINGYAN.format(base_url=running.base_url))
        yield running
