import os
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck

from ccswitch_py.core.paths import Paths, find_paths
from tests.support.home import SHELL_VARIABLES
from tests.support.machine import hide_managed_settings


def pytest_configure() -> None:
    """Make the tests independent of the locale, the managed settings and the load of the machine."""
    os.environ["CCSWITCH_LANG"] = "en"
    untimed = hypothesis.settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.register_profile("untimed", untimed)
    hypothesis.settings.load_profile("untimed")
    hide_managed_settings()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests that do a thing many times say how often; in CI all is there that a test can need, so none is skipped."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.stats.get(group, [])]
    counts = sorted(str(value) for report in reports for name, value in report.user_properties if name == "counted")
    if counts:
        terminalreporter.section("how often")
        terminalreporter.write_line("\n".join(counts))
    if os.environ.get("CI") == "true" and terminalreporter.stats.get("skipped"):
        terminalreporter.section("tests were skipped in CI", red=True)
        pytest.exit("tests were skipped in CI", returncode=1)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A fresh home for ccswitch and for Claude Code, with nothing of the real one in reach."""
    for variable in SHELL_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("CCSWITCH_LANG", "en")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CCSWITCH_HOME", str(tmp_path / "ccswitch"))
    return find_paths()


@pytest.fixture
def settings(paths: Paths, tmp_path: Path) -> Path:
    """Where Claude Code's settings.json is, or will be."""
    folder = tmp_path / ".claude"
    folder.mkdir()
    return folder / "settings.json"
