import json
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from tests.support.home import add_profile

DAMAGED = {"cut off": '{"profile": ', "a list": "[1]", "another shape": '{"profile": "a"}', "not text": "\xff\xfe"}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("argv", [["rename", "a", "c"], ["remove", "b"]])
def test_one_damaged_journal_of_another_config_folder_stops_neither_rename_nor_remove(
    paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str], argv: list[str], content: str
) -> None:
    add_profile(paths, "a")
    add_profile(paths, "b")
    use(paths, "a")
    Path(paths.journal, "claude-code-99-0badc0de.json").write_bytes(content.encode("latin-1"))
    code = main(argv)
    assert code == 0, capsys.readouterr().err


@pytest.mark.parametrize("profile", [5, [1], {"a": 1}])
def test_a_journal_whose_profile_is_no_name_is_damaged_and_not_a_crash(
    paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str], profile: object
) -> None:
    add_profile(paths, "a")
    use(paths, "a")
    [journal] = Path(paths.journal).iterdir()
    journal.write_text(json.dumps({**json.loads(journal.read_text()), "profile": profile}))
    assert main(["status"]) == 1
    assert str(journal) in capsys.readouterr().out
