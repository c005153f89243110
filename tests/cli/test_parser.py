from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.cli.commands.keys import ACTIONS
from ccswitch_py.cli.full_parser import parse_fully
from ccswitch_py.cli.main import COMMANDS, main
from ccswitch_py.cli.parser import parse_simple
from ccswitch_py.core.errors import BadInput

WORDS = st.sampled_from(["work", "a b", "", "-", "--", "-1", "--json", "--dry-run", "--names", "--target", "--all"])


MODULES = {command: import_module(f"ccswitch_py.cli.commands.{command}") for command in COMMANDS}


@given(st.sampled_from([*COMMANDS]), st.lists(WORDS, max_size=4))
def test_a_command_line_means_the_same_with_argparse_and_without(command: str, argv: list[str]) -> None:
    simple = parse_simple(MODULES[command].add_arguments, argv)
    if simple is not None:
        assert vars(simple) == vars(parse_fully(command, "", "", MODULES[command].add_arguments, argv))


@pytest.mark.parametrize(
    "argv", [["use", "work"], ["use", "--dry-run", "work"], ["off"], ["undo", "--json"], ["list"], ["env", "work"]]
)
def test_the_usual_quick_command_lines_need_no_argparse(argv: list[str]) -> None:
    assert parse_simple(MODULES[argv[0]].add_arguments, argv[1:]) is not None


def test_what_is_missing_or_too_much_is_left_to_argparse() -> None:
    for argv in ([], ["a", "b"], ["a", "--no-such-option"]):
        assert parse_simple(MODULES["use"].add_arguments, argv) is None
        with pytest.raises(BadInput):
            parse_fully("use", "", "", MODULES["use"].add_arguments, argv)


def test_every_command_has_an_example() -> None:
    for command, (_summary, example) in [*COMMANDS.items(), *((f"keys {one}", row) for one, row in ACTIONS.items())]:
        assert f"ccswitch {command}" in example


@pytest.mark.parametrize("action", ACTIONS)
def test_the_help_of_each_action_of_keys_shows_its_example(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", action, "--help"]) == 0
    assert ACTIONS[action][1] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "target", "program"),
    [
        (["work", "--target", "t", "--", "env"], "t", ["env"]),
        (["--target", "t", "work", "--", "env", "--target", "x"], "t", ["env", "--target", "x"]),
        (["work", "--", "git", "log", "--", "file"], None, ["git", "log", "--", "file"]),
        (["work", "env"], None, ["env"]),
        (["work"], None, []),
    ],
)
def test_run_passes_on_what_follows_the_two_hyphens(argv: list[str], target: str | None, program: list[str]) -> None:
    args = parse_fully("run", "", "", MODULES["run"].add_arguments, argv)
    assert (args.name, args.target, args.command) == ("work", target, program)


def test_options_may_stand_between_the_names_of_test() -> None:
    args = parse_fully("test", "", "", MODULES["test"].add_arguments, ["a", "--full", "b"])
    assert args.full and args.names == ["a", "b"]
