import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.own_provider import OWN_MINGYAN


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks makes a snapshot depend on when it is taken."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _: None)


@pytest.fixture
def offer(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a base URL that of the provider mingyan; keys are kept in the demo's keyring."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    Path(paths.providers).mkdir(parents=True)
    mingyan = Path(paths.providers, "mingyan.toml")

    def offer(base_url: str) -> None:
        mingyan.write_text(OWN_MINGYAN.format(base_url=base_url))

    return offer


@pytest.fixture
def gateway(offer: Callable[[str], None]) -> Iterator[Gateway]:
    """The embedded gateway as the provider mingyan."""
    with Gateway() as running:
        offer(running.base_url)
        yield running
