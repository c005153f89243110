"""The findings as a text for everybody: in English, and of what you chose or wrote only what says nothing about you.

It is made from our own sentences, and each value in them is shown only if its sort allows that; no text is searched for
what must not be in it. So what nobody thought of is left out, and not shown.
"""

from __future__ import annotations

import os
import platform
import sys
import tomllib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from ccswitch_py import __version__
from ccswitch_py.core.paths import SHIPPED_PROVIDERS
from ccswitch_py.model.address import address_of, is_of_this_machine
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.doctor_finding import Finding, FindingValue, Level, Sensitivity
from ccswitch_py.model.protocol import endpoint_tables
from ccswitch_py.services.doctor.examination import worst_first
from ccswitch_py.targets.registry import TARGETS

HEAD = "ccswitch doctor: a report without keys, names, addresses and folders of yours."
_HIDDEN = "…"
_SIGNS = {Level.BROKEN: "✗", Level.LOOK: "!", Level.OK: "✓"}
_KNOWN_ENDINGS = (".toml", ".json", ".json5", ".db", ".sql", ".bak", ".sh", ".fish", ".conf", ".plist", ".env")
_KNOWN_PARTS = frozenset(
    (
        *("~", "", "etc", "usr", "local", "bin", "lib", "opt", "Library", "LaunchAgents", "Application Support"),
        *(".config", ".local", "state", "share", "ccswitch", "config", "profiles", "providers", "keys.toml"),
        *("ccswitch.toml", "theme", "launch", "journal", "locks", "ccswitch.lock", "tests", "demo-keys.json"),
        *(".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".cshrc", ".tcshrc", ".login"),
        *(".zshenv", ".zprofile", ".zshrc", ".zlogin", "zshenv", "zprofile", "zshrc", "zsh", ".envrc"),
        *("fish", "config.fish", "conf.d", "environment", "environment.d", "profile", "profile.d"),
        *("bash.bashrc", "bashrc", "csh.cshrc"),
    )
)
"""The names of files and folders that are the same for everybody."""


def report(findings: Iterable[Finding]) -> str:
    """The text: first what it was made on, then each finding with its code."""
    redaction = Redaction()
    system = f"{sys.platform} {platform.machine()}"
    lines = [HEAD, f"ccswitch {__version__}, Python {platform.python_version()}, {system}", ""]
    for finding in worst_first(list(findings)):
        place = redaction.file(finding.path) if finding.path else ""
        place += f":{finding.line}" if finding.line and place else ""
        head = f"{_SIGNS[finding.kind.level]} {finding.area}: {finding.kind.code}"
        lines += [f"{head} ({place})" if place else head, f"  {redaction.sentence(finding)}"]
    return "\n".join(lines)


class Redaction:
    """Gives each name and each host a number, the same wherever it comes again."""

    def __init__(self) -> None:
        self._known_hosts = _hosts_of_shipped_providers()
        self._known_parts = _KNOWN_PARTS.union(*(target.public_names() for target in TARGETS.values()))
        self._numbers: dict[tuple[str, str], int] = {}

    def sentence(self, finding: Finding) -> str:
        """What was found, in English, for everybody."""
        values = {name: self._public(name, told) for name, told in finding.told.items()}
        return finding.kind.sentence.format(**values)

    def file(self, path: str) -> str:
        """A path, of which only what is the same for everybody is left."""
        home = os.path.expanduser("~")
        if path == home or path.startswith(home + os.sep):
            path = "~" + path.removeprefix(home)
        shown = (part if part in self._known_parts else _HIDDEN for part in path.split(os.sep))
        parts = [part for sort, run in groupby(shown) for part in ([sort] if sort == _HIDDEN else run)]
        ending = next((ending for ending in _KNOWN_ENDINGS if path.endswith(ending)), "")
        return "/".join(parts) + (ending if parts[-1] == _HIDDEN else "")

    def _public(self, name: str, told: FindingValue) -> str:
        match told.sort:
            case Sensitivity.OPEN:
                return told.text
            case Sensitivity.FILE:
                return self.file(told.text)
            case Sensitivity.WORDS:
                return told.public
            case Sensitivity.HOST:
                return told.text if self._is_known(told.text) else self._numbered("gateway", told.text)
            case Sensitivity.NAME:
                return self._numbered(name, told.text)

    def _is_known(self, host_and_port: str) -> bool:
        if host_and_port in self._known_hosts:
            return True
        address = address_of(f"//{host_and_port}")
        return address is not None and is_of_this_machine(address.host)

    def _numbered(self, kind: str, text: str) -> str:
        following = 1 + sum(one == kind for one, _text in self._numbers)
        return f"{kind}-{self._numbers.setdefault((kind, text), following)}"


def _hosts_of_shipped_providers() -> set[str]:
    files = (path for folder in SHIPPED_PROVIDERS for path in Path(folder).glob("*.toml"))
    providers = (tomllib.loads(path.read_text("utf-8")) for path in files)
    endpoints = (one for provider in providers for one in endpoint_tables(provider).values())
    return {BaseUrl(str(one["base_url"])).key_host for one in endpoints}
