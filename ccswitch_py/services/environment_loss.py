"""Find the programs in a command that start others without this environment.

Nothing is run or looked up: all words are searched, those of a script (``sh -c "…"``) too. Options are read only as
far as they decide. On the path of a quick command, so without ``re`` and ``shlex``.
"""

from __future__ import annotations

import os

from ccswitch_py.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_DROPPING = _names(
    "sudo|doas|su|runuser|pkexec|run0|ssh|mosh|docker|docker-compose|podman|nerdctl|kubectl|oc|lxc|incus|"
    "machinectl|systemd-run|systemd-nspawn|systemctl|launchctl|flatpak-spawn|distrobox|toolbox|vagrant|multipass|"
    "limactl|wsl|adb|schroot|devcontainer"
)
"""Start programs as another user, in a container, on another machine, or through a service."""
_SERVERS = _names(
    "tmux|screen|byobu|zellij|tmate|abduco|dtach|code|code-insiders|codium|cursor|windsurf|subl|zed|atom|emacsclient|"
    "nvr|gnome-terminal|kgx|ptyxis|xfce4-terminal|mate-terminal|terminator|tilix|guake|yakuake|konsole|kitty|"
    "footclient|urxvtc|wezterm|alacritty|ghostty|idea|pycharm|webstorm|goland|clion|rider|phpstorm|rubymine|"
    "kate|gedit|xdg-open|gio|gtk-launch|kstart|open|osascript|explorer|tsp|pueue|pm2"
)
"""May pass the program on to one that is already running."""


class _Options(Record):
    """The options with which a program drops the environment, and those that take a value.

    ``everywhere``: they may follow words that are not options.
    """

    short: str = ""
    long: tuple[str, ...] = ()
    short_with_value: str = ""
    long_with_value: tuple[str, ...] = ()
    everywhere: bool = False


_BY_OPTION = {
    "env": _Options("i", ("--ignore-environment",), "uCa", ("--unset", "--chdir", "--argv0")),
    "exec": _Options("c", (), "a"),
    "setpriv": _Options(long=("--reset-env",), everywhere=True),
    "bwrap": _Options(long=("--clearenv",), everywhere=True),
    "nix": _Options("i", ("--ignore-environment", "--ignore-env"), everywhere=True),
    "nix-shell": _Options(long=("--pure",), everywhere=True),
    "guix": _Options("C", ("--pure", "--container"), everywhere=True),
}
_SPLIT_SHORT, _SPLIT_LONG = "S", "--split-string"
"""Options of env whose value is more words."""
_SHORTEST_ABBREVIATION = len("--ignore-e")
_START_NOTHING = _names("cd|pushd|echo|printf|export|unset|alias|read|test|[|[[|:|true|false|ls|cat|grep|mkdir")
_SEPARATORS = ";&|()\n`"
_DEEPEST, _LONGEST = 8, 64 * 1024


class Losses(Record):
    """Programs that drop the environment, and ``servers`` that have their own; each once, in order of appearance."""

    dropping: tuple[str, ...]
    servers: tuple[str, ...]


def find_losses(command: list[str], tool: str) -> Losses:
    """Search a command; what follows ``tool`` are its own arguments."""
    found = list(dict.fromkeys(_of_command(command, tool, 0)))
    return Losses(
        tuple(name for name in found if name not in _SERVERS), tuple(name for name in found if name in _SERVERS)
    )


def _of_command(words: list[str], tool: str, depth: int) -> Iterator[str]:
    """The programs of one simple command."""
    names = [_program(word) for word in words]
    end = names.index(tool) if tool in names else len(names)
    starts_nothing = not names or names[0] in _START_NOTHING
    for at, (word, name) in enumerate(zip(words[:end], names, strict=False)):
        options = _BY_OPTION.get(name)
        drops = name in _DROPPING or (options and _drops(options, words[at + 1 : end]))
        if not starts_nothing and (drops or name in _SERVERS):
            yield name
        is_script = any(map(str.isspace, word)) and (not starts_nothing or "$(" in word or "`" in word)
        for inner in _simple_commands(word[:_LONGEST]) if is_script and depth < _DEEPEST else ():
            yield from _of_command(inner, tool, depth + 1)


def _program(word: str) -> str:
    """The name of the program that a word may be."""
    if "://" in word or (os.sep in word and os.path.isdir(word)):
        return ""
    return os.path.basename(word).removesuffix(".exe").removesuffix(".cmd")


def _drops(options: _Options, words: list[str]) -> bool:
    """Whether a program with these arguments drops the environment."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return False
        if word.startswith("--"):
            if any(
                one == name or (len(name) >= _SHORTEST_ABBREVIATION and one.startswith(name)) for one in options.long
            ):
                return True
            if options.short_with_value and name == _SPLIT_LONG:
                rest[:0] = _words(value if equals else rest.pop(0) if rest else "")
            elif name in options.long_with_value and not equals:
                del rest[:1]
        elif word == "-" and options.short:
            return True
        elif word.startswith("-"):
            for at, letter in enumerate(word[1:], 2):
                if letter in options.short:
                    return True
                if letter == _SPLIT_SHORT:
                    rest[:0] = _words(word[at:] or (rest.pop(0) if rest else ""))
                    break
                if letter in options.short_with_value:
                    del rest[: at == len(word)]
                    break
        elif not equals and not options.everywhere:
            return False
    return False


def _words(text: str) -> list[str]:
    return [word for command in _simple_commands(text) for word in command]


def _simple_commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command of a script, without quotes and escapes; nothing is expanded."""
    words: list[str] = []
    word, quote, is_word = "", "", False
    characters = iter(text)
    for character in characters:
        if character == "\\" and quote != "'":
            word, is_word = word + next(characters, ""), True
        elif character == quote:
            quote = ""
        elif quote:
            word += character
        elif character in "'\"":
            quote, is_word = character, True
        elif character in _SEPARATORS or character.isspace():
            if is_word:
                words.append(word)
            word, is_word = "", False
            if character in _SEPARATORS and words:
                yield words
                words = []
        else:
            word, is_word = word + character, True
    if is_word:
        words.append(word)
    if words:
        yield words
