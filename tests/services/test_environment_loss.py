import pytest

from ccswitch_py.services.environment_loss import find_losses

DROPPING = {
    "env": [
        "nice env -i claude",
        "timeout -s KILL 30 env -i claude",
        "env -u FOO -i claude",
        "env --unset=FOO --ignore-environment claude",
        "env --unset FOO --ignore-env claude",
        "env -iv claude",
        "env -C /tmp -i claude",
        "env -C/tmp -i claude",
        "env -vi claude",
        "env A=1 -i claude",
        "env - claude",
        "env -S '-i claude'",
        "env '-S-i A=1 claude'",
        "env -vS '-i claude'",
        "env '--split-string=-i claude'",
        "env A=1 nice /usr/bin/env -i claude",
        "bash -c 'exec env - claude'",
        "sh -c 'cd /tmp && (FOO=1 env -i claude)'",
        """sh -c 'sh -c "env -i claude"'""",
        """sh -c 'echo "$(env -i claude -p x)"'""",
        "find . -exec env -i claude ;",
    ],
    "exec": ["bash -c 'exec -c claude'", "bash -c 'exec -la name -c claude'"],
    "setpriv": ["setpriv --reuid 1000 --reset-env claude"],
    "bwrap": ["bwrap --ro-bind / / --clearenv claude"],
    "nix": ["nix develop . -i -c claude"],
    "sudo": ["nohup sudo -E claude", "sh -c 'nice sudo claude'"],
    "docker": ["docker exec -it box claude"],
}
SERVERS = {
    "tmux": ["tmux new-window claude", "sh -c 'tmux new -d'", "nice /usr/bin/tmux"],
    "screen": ["screen claude"],
    "code": ["code .", "bash -c 'cd work && code .'", "code.cmd ."],
    "emacsclient": ["emacsclient -c"],
    "gnome-terminal": ["setsid gnome-terminal -- claude"],
}
NEITHER = [
    "claude -p 'ask docker; sudo make tmux'",
    "nice claude -p tmux",
    "env -u i claude",
    "env -C -i claude",
    "env -a -i claude",
    "env claude -i",
    "env A=-i claude",
    "env -- -i claude",
    "setpriv --reuid 1000 claude --reset-env",
    "sh -c 'cd code && echo sudo && claude'",
    "sh -c 'claude -p \"env -i sudo\"'",
    "bash -c 'exec -a c claude'",
    "git clone ssh://host/code",
    "env -S claude",
    "env -S",
    "env",
    "sh -c '\"'",
]


def words(line: str) -> list[str]:
    import shlex

    return shlex.split(line)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in DROPPING.items() for line in lines])
def test_a_program_that_drops_the_environment_is_found_among_all_words(name: str, line: str) -> None:
    losses = find_losses(words(line), "claude")
    assert losses.dropping == (name,) and not losses.servers


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in SERVERS.items() for line in lines])
def test_a_program_with_a_server_of_its_own_is_found_among_all_words(name: str, line: str) -> None:
    losses = find_losses(words(line), "claude")
    assert losses.servers == (name,) and not losses.dropping


@pytest.mark.parametrize("line", NEITHER)
def test_arguments_of_the_tool_and_of_builtins_are_no_programs(line: str) -> None:
    losses = find_losses(words(line), "claude")
    assert not losses.dropping and not losses.servers


def test_a_script_of_any_size_or_depth_is_searched_in_bounded_time() -> None:
    nested = "x "
    for _level in range(12):
        nested = f"sh -c '{nested}' y"
    for text in ("' " * 500_000, "a b " * 500_000, "(" * 500_000 + " ", "\\" * 500_000 + " x", nested):
        assert find_losses(["sh", "-c", text], "claude").dropping == ()
