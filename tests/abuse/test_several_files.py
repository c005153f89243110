"""Each call by which a command changes two or three files fails once, and is once the last one of a killed process."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.vault.backend_policy import DEMO
from tests.support.abused_home import MINE, AbusedHome
from tests.support.harmed import ATTEMPTS, Call, Ended, Harm, changing_calls, require_strace, run_harmed, was_harmed
from tests.support.several_targets import SCRIPT, install

FILES = {
    "claude-code": (".claude/settings.json", MINE),
    "sample": (".sample/config.toml", "# mine\r\nlanguage = 'de'\r\n"),
    "sample-yaml": (".sample/config.yaml", "# mine\nproviders:\n  - id: other\n    base_url: https://other.example\n"),
}
CASES = {
    "two files": (["claude-code", "sample"], [], ["use", "a"]),
    "two files from another profile": (["claude-code", "sample"], [["use", "b"]], ["use", "a"]),
    "three files": (["claude-code", "sample", "sample-yaml"], [["use", "b"]], ["use", "a"]),
    "off in three files": (["claude-code", "sample", "sample-yaml"], [["use", "a"]], ["off"]),
    "undo in two files": (["claude-code", "sample"], [["use", "a"], ["use", "b"]], ["undo"]),
}
EVERY = 1 if os.environ.get("CCSWITCH_ABUSE") == "full" else 11


@pytest.fixture
def home(
    paths: Paths, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AbusedHome:
    require_strace()
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    for target_id in FILES:
        monkeypatch.setitem(TARGETS, target_id, TARGETS["claude-code"])  # so that these are taken out again
    install()
    home = AbusedHome(paths, tmp_path, tmp_path_factory.mktemp("saved") / "home")
    for name, text in FILES.values():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    return home


@pytest.mark.parametrize("harm", Harm)
@pytest.mark.parametrize("name", CASES)
def test_all_files_are_changed_or_none(
    home: AbusedHome,
    name: str,
    harm: Harm,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    targets, before, command = CASES[name]
    chosen = [argument for target_id in targets for argument in ("--target", target_id)]
    argv, log = [*command, *chosen], tmp_path_factory.mktemp("log") / "strace"
    for earlier in before:
        assert main([*earlier, *chosen]) == 0
    home.save()
    old = contents(home)
    assert run(log, argv).code == 0
    new = contents(home)
    calls = changing_calls(log)
    tried = calls[list(Harm).index(harm) % EVERY :: EVERY]
    assert tried
    for call in tried:
        for _attempt in range(ATTEMPTS):
            home.put_back()
            ended = run(log, argv, (call, harm))
            if was_harmed(log, call):
                break
        about = f"{call} of {argv} {harm.value}: {ended}"
        if harm is Harm.ERROR:
            assert "Traceback" not in ended.err and "unexpected" not in ended.err, about
            assert contents(home) == (new if ended.code == 0 or call.is_output else old), about
            assert ended.code in (0, 4, 5), about
        else:
            assert ended.code in (-9, 137), about
        home.let_a_minute_pass()
        assert main(["undo", "--dry-run", *chosen]) == 0, about  # whatever comes next completes it, or forgets it
        assert contents(home) in (old, new), about
        assert main(["use", "a", *chosen]) == 0, about
        assert main(["use", "b", *chosen]) == 0, about
        assert main(["off", *chosen]) == 0, about
        assert contents(home) == [text.encode() for _name, text in FILES.values()], about
        assert home.leftovers() == [], about
    record_property("counted", f"{name}: {len(tried)} of {len(calls)} changing calls, and each {harm.value}")


def run(log: Path, argv: list[str], harmed: tuple[Call, Harm] | None = None) -> Ended:
    return run_harmed(log, argv, "", harmed, ["-c", SCRIPT])


def contents(home: AbusedHome) -> list[bytes]:
    return [(home.folder / name).read_bytes() for name, _text in FILES.values()]
