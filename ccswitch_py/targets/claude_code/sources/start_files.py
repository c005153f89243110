"""Read the files that fill the environment of shells and sessions started later."""

from __future__ import annotations

import glob
import os
import plistlib
import shlex
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, cast

from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import upwards
from ccswitch_py.targets.claude_code.deciding import is_looked_for
from ccswitch_py.targets.claude_code.sources import shell_text
from ccswitch_py.targets.claude_code.sources.layer import LayerKind, entry_of, layer_of
from ccswitch_py.targets.explanation import Entry, Layer

Parser = Callable[[str], list[Entry]]

_OF_ALL = ("/etc/profile", "/etc/profile.d/*.sh", "/etc/bash.bashrc", "/etc/bashrc", "/etc/csh.cshrc")
_OF_ALL_ZSH = ("/etc/zshenv", "/etc/zprofile", "/etc/zshrc", "/etc/zsh/zshenv", "/etc/zsh/zprofile", "/etc/zsh/zshrc")
_OF_USER = (".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".cshrc", ".tcshrc", ".login")
_OF_ZSH = (".zshenv", ".zprofile", ".zshrc", ".zlogin")
_OF_FISH = ("fish/config.fish", "fish/conf.d/*.fish")
LIMIT_CHARACTERS = 256 * 1024
"""Read in about a second; no start file that people write is as long."""
_AGENTS = ("/Library/LaunchAgents/*.plist", "~/Library/LaunchAgents/*.plist")


def start_layers(folder: str, home: str, environ: Mapping[str, str]) -> list[Layer]:
    """The start files that set a variable of ours, or cannot be read."""
    found = (_layer(kind, path, parse) for kind, path, parse in find_start_files(folder, home, environ))
    return [layer for layer in found if layer.entries or layer.problem]


def find_start_files(folder: str, home: str, environ: Mapping[str, str]) -> Iterator[tuple[LayerKind, str, Parser]]:
    """Yield the files that may set variables, each with its parser; not all exist."""
    config = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    zsh = environ.get("ZDOTDIR") or home
    envrcs = (os.path.join(above, ".envrc") for above in upwards(folder))
    if envrc := next(filter(os.path.lexists, envrcs), None):
        yield LayerKind.DIRENV, envrc, shell_text.posix_entries
    shells = [*_paths("/", *_OF_ALL, *_OF_ALL_ZSH), *_paths(home, *_OF_USER)]
    # .zshenv is read from the home, and may set ZDOTDIR.
    shells += [*_paths(home, ".zshenv"), *_paths(zsh, *_OF_ZSH)]
    yield from ((LayerKind.SHELL, path, shell_text.posix_entries) for path in dict.fromkeys(shells))
    for root in ("/etc", config):
        yield from ((LayerKind.SHELL, path, shell_text.fish_entries) for path in _paths(root, *_OF_FISH))
    yield from ((LayerKind.SHELL, path, shell_text.universal_entries) for path in _paths(config, "fish/fish_variables"))
    yield from ((LayerKind.SHELL, path, shell_text.plain_entries) for path in ("/etc/environment",))
    for root in ("/usr/lib", "/etc", config):
        yield from (
            (LayerKind.SYSTEMD, path, shell_text.plain_entries) for path in _paths(root, "environment.d/*.conf")
        )
    yield from ((LayerKind.LAUNCHD, path, _agent_entries) for path in _paths(home, *_AGENTS))


def _paths(root: str, *patterns: str) -> list[str]:
    paths = [os.path.join(glob.escape(root), pattern.replace("~", glob.escape(root), 1)) for pattern in patterns]
    return [found for path in paths for found in sorted(glob.glob(path))]


def _layer(kind: LayerKind, path: str, parse: Parser) -> Layer:
    layer = layer_of(kind, path)
    try:
        text = read_text(path) or ""
    except UnreadableFile as problem:
        layer.problem = str(problem)
        return layer
    if len(text) > LIMIT_CHARACTERS:
        layer.problem = _("It is too large to be searched.")
    else:
        layer.entries = parse(text)
    return layer


def _agent_entries(text: str) -> list[Entry]:
    """What a macOS launch agent sets with ``launchctl setenv``; nothing for invalid XML."""
    try:
        found: object = plistlib.loads(text.encode())
    except Exception:  # plistlib raises what its parsers raise
        return []
    words = _words(found)
    if not any(word.endswith("launchctl") for word in words):
        return []
    return [
        entry_of(name, None if "$" in value else value, _line(text, name))
        for (verb, name), (_name, value) in zip(pairwise(words), pairwise(words[1:]), strict=False)
        if verb == "setenv" and is_looked_for(name)
    ]


def _words(found: object) -> list[str]:
    arguments = cast("dict[str, Any]", found).get("ProgramArguments") if isinstance(found, dict) else None
    if not isinstance(arguments, list):
        return []
    words: list[str] = []
    for argument in map(str, cast("list[object]", arguments)):
        try:
            words += shlex.split(argument) if "setenv" in argument else [argument]
        except ValueError:
            continue
    return words


def _line(text: str, name: str) -> int:
    return text.count("\n", 0, max(text.find(name), 0)) + 1
