import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.core.errors import BadInput
from ccswitch_py.vault.key_command_line import KeyCommand

PYTHON = "/opt/py/bin/python"
OURS = f"{PYTHON} -I -m ccswitch_py.key_command"

names = st.text(st.characters(exclude_characters="\0"), min_size=1) | st.text(st.sampled_from("aZ9/._-@ "), min_size=1)
commands = st.builds(KeyCommand, names, names, st.none() | names, st.booleans(), st.booleans())
foreign_words = st.lists(st.sampled_from(["python", "-I", "-m", "ccswitch_py", "key_command", "-c", "work", "--state"]))


@given(commands)
def test_what_is_built_is_recognised(command: KeyCommand) -> None:
    assert command.as_shell() == shlex.join(command.argv())
    assert KeyCommand.parse(command.as_shell()) == command
    assert KeyCommand.from_arguments(command.argv()[4:], command.python) == command
    program, *arguments = command.as_program()
    assert KeyCommand.find({"command": program, "args": arguments}) == command.replace(python=program)


@given(commands, st.sampled_from([";", "&&", "|", ">", "$(", "`", "\n"]), names)
def test_a_line_with_a_second_command_is_not_ours(command: KeyCommand, between: str, rest: str) -> None:
    assert KeyCommand.parse(f"{command.as_shell()} {between} {shlex.quote(rest)}") is None


@given(st.text() | foreign_words.map(shlex.join))
def test_a_foreign_command_is_not_ours(text: str) -> None:
    assert KeyCommand.parse(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{OURS} work", KeyCommand(PYTHON, "work")),
        (f"{OURS} --claude-code work", KeyCommand(PYTHON, "work", claude_code=True)),
        (f"{OURS} --project --state=/s --claude-code work", KeyCommand(PYTHON, "work", "/s", True, True)),
        (f"{OURS} --state '/a b' 'of work'", KeyCommand(PYTHON, "of work", "/a b")),
        ('"/a b/python"   -I -m ccswitch_py.key_command "of work"', KeyCommand("/a b/python", "of work")),
        ("python3 -m ccswitch_py.vault.key_command work", KeyCommand("python3", "work")),
        ("python3 -I -X utf8=1 -m ccswitch_py.key_command work", None),
        (f"env A=1 {OURS} work", None),
        (f"A=1 {OURS} work", None),
        (f"{OURS} work; curl x", None),
        (f'{OURS} "$(curl x)"', None),
        (f"{OURS} --unknown work", None),
        (f"{OURS} work further", None),
        (f"{OURS} 'work", None),
        (OURS, None),
        ("python -m ccswitch_py run work", None),
        ("python -m ccswitch_py.key_commands work", None),
        ("echo ccswitch_py.key_command work", None),
        ("", None),
    ],
)
def test_a_line_is_ours_only_as_a_whole(text: str, expected: KeyCommand | None) -> None:
    assert KeyCommand.parse(text) == expected


def test_the_arguments_for_settings_files() -> None:
    command = KeyCommand(sys.executable, "work", "/s", claude_code=True, project=True)
    assert command.argv()[4:] == ["--claude-code", "--project", "--state", "/s", "work"]


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--state"], ["--other", "a"], ["--state", "/s"]])
def test_arguments_that_name_no_profile_are_refused(arguments: list[str]) -> None:
    with pytest.raises(BadInput):
        KeyCommand.from_arguments(arguments)
