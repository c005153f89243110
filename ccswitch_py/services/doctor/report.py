"""The findings as a shareable report: in English, without anything that the user chose or wrote.

It is built from our own sentences; a value in them is shown only if its sensitivity allows that. No text is searched
for what must not be in it, so what nobody thought of is left out.
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
from ccswitch_py.model.base_url import BaseUrl, address_of, is_of_this_machine
from ccswitch_py.model.doctor_finding import Finding, FindingValue, Level, Sensitivity
from ccswitch_py.model.protocol import endpoint_tables
from ccswitch_py.services.doctor.examination import worst_first
from ccswitch_py.targets.registry import TARGETS

HEAD = "ccswitch doctor: a report without keys, names, addresses and folders of yours."
_HIDDEN = "…"
_SIGNS = {Level.BROKEN: "✗", Level.WARNING: "!", Level.OK: "✓"}
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
"""Names of files and folders that are the same on every machine."""


def report(findings: Iterable[Finding]) -> str:
    """Return the text: the versions first, then each finding with its code."""
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
    """Replaces each name and each unknown host by a number, the same everywhere."""

    def __init__(self) -> None:
        self._known_hosts = _hosts_of_shipped_providers()
        self._known_parts = _KNOWN_PARTS.union(*(target.public_names() for target in TARGETS.values()))
        self._numbers: dict[tuple[str, str], int] = {}

    def sentence(self, finding: Finding) -> str:
        """The sentence in English, with public values only."""
        values = {name: self._public(name, value) for name, value in finding.all_values.items()}
        return finding.kind.sentence.format(**values)

    def file(self, path: str) -> str:
        """The path, with well-known names only."""
        home = os.path.expanduser("~")
        if path == home or path.startswith(home + os.sep):
            path = "~" + path.removeprefix(home)
        shown = (part if part in self._known_parts else _HIDDEN for part in path.split(os.sep))
        parts = [part for key, run in groupby(shown) for part in ([key] if key == _HIDDEN else run)]
        ending = next((ending for ending in _KNOWN_ENDINGS if path.endswith(ending)), "")
        return "/".join(parts) + (ending if parts[-1] == _HIDDEN else "")

    def _public(self, name: str, value: FindingValue) -> str:
        match value.sensitivity:
            case Sensitivity.PUBLIC:
                return value.text
            case Sensitivity.FILE:
                return self.file(value.text)
            case Sensitivity.FREE_TEXT:
                return value.public_text
            case Sensitivity.HOST:
                return value.text if self._is_known(value.text) else self._numbered("gateway", value.text)
            case Sensitivity.NAME:
                return self._numbered(name, value.text)

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
    addresses = (str(one["base_url"]) for provider in providers for one in endpoint_tables(provider).values())
    return {BaseUrl(address).key_host for address in addresses if not address.startswith("/")}
