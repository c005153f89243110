"""Extract from an installed Claude Code what it can be told: its environment variables, and the schema of its settings.

    python scripts/claude_code_names.py [PATH OF claude]

Names of variables and of settings are in its program text; what a setting may be is asked of the program itself, whose
``claude doctor`` lists every entry of a wrong type. The
result goes to ``ccswitch_py/targets/claude_code/facts``.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.programs import QUIET, claude_code  # noqa: E402

FACTS = ROOT / "ccswitch_py" / "targets" / "claude_code" / "facts"
PROBES: dict[str, Any] = {"string": "x", "number": 1, "boolean": True, "null": None, "array": [], "object": {}}
NUMBERS = (-1, 0, 0.5, 10**9)
DEEPEST = 6
SOMETHING = "x-any"
"""The name of a member that no object has."""
MODULE = b"// @bun"
VARIABLE_TYPES = re.compile(rb"([\w$]+)=[\w$]+\.(str|bool|triBool|int|enum|rawStr)\(([^()]{0,300})\)")
EXPORTS = re.compile(rb"([A-Za-z_]\w*):\(\)=>([\w$]+)")
ENVIRONMENT = re.compile(rb"process\.env\.([A-Z_][A-Z0-9_]*)\b")
MEMBERS = re.compile(rb'[{,]"?([A-Za-z_$][\w$]*)"?:(?:\(\)=>)?[A-Za-z_$]')
TOP_LEVEL = re.compile(rb"[{,]([A-Za-z_$][\w$]*):\)=>")
SETTINGS = re.compile(rb"\{\$schema:\(\)=>(?=.{0,300}apiKeyHelper:\(\)=>)")
OPENING, CLOSING = (b"(", b"[", b"{"), (b")", b"]", b"}")
TOKENS = re.compile(
    rb"""\"(?:[^"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`"""
    rb"""|(?<=[(,=:])/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/|.""",
    re.DOTALL,
)
"""Of JavaScript: a string, a regular expression, or one character."""
COMPLAINT = re.compile(r"^- \S+/settings\.json › (\S+): (.*)$", re.MULTILINE)
FATAL = re.compile(r"(?:Expected|Invalid (?:input|value|discriminator)|Too (?:big|small)|Number must|Unrecognized)\b")
"""How a complaint begins that makes Claude Code skip the file; the others are of entries that it leaves out."""
VALUES = re.compile(r"Invalid value\. Expected one of: (.*)|Invalid discriminator value\. Expected (.*)")

LISTED = re.compile(r"Valid events: (.*)")
"""Names of members that are in no object of the program's text."""

Path_ = tuple[str, ...]
"""The way to an entry; ``[]`` is any item of a list, ``*`` any member of an object."""


def modules(program: str) -> Iterator[bytes]:
    """The texts of its modules; the compiled ones are passed over."""
    with open(program, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
        at = data.find(MODULE)
        while at >= 0:
            end = data.find(MODULE, at + 1)
            end = len(data) if end < 0 else end
            if end - at < 20_000_000:
                yield data[at:end]
            at = data.find(MODULE, at + 1)


def names_of(program: str) -> tuple[dict[str, str], list[str], list[str]]:
    """Its variables with their types, the top-level settings, and every name that a nested setting may have."""
    variables: dict[str, str] = {}
    top, members = list[str](), set[str]()
    for text in modules(program):
        variables |= {name.decode(): variables.get(name.decode(), "str") for name in ENVIRONMENT.findall(text)}
        types = {name: (kind, values) for name, kind, values in VARIABLE_TYPES.findall(text)}
        for name, local in EXPORTS.findall(text) if len(types) > 5 else ():
            if local in types:
                kind, values = types[local]
                choices = "|".join(re.findall(r'"([^"]+)"', values.decode())) if kind == b"enum" else ""
                variables[name.decode()] = choices or kind.decode()
        if settings := SETTINGS.search(text):
            top = _members(text[settings.start() :])
            members |= {name.decode() for name in MEMBERS.findall(text)}
    return variables, top, sorted(members)


def _members(text: bytes) -> list[str]:
    """The names of an object at the beginning of a program text, without what is nested in it."""
    depth, at_top = 0, list[bytes]()
    for token in TOKENS.findall(text):
        depth += (token in OPENING) - (token in CLOSING)
        if depth == 0:
            break
        if depth == 1 and len(token) == 1:
            at_top.append(token)
    return [name.decode() for name in TOP_LEVEL.findall(b"".join(at_top))]


class Schema:
    """What each entry may be, found out by asking the program about files in which everything is wrong."""

    def __init__(self, program: str, members: Sequence[str]) -> None:
        self.program = program
        self.members = members
        self.rows: dict[Path_, tuple[list[str], str]] = {}
        self.required = set[Path_]()

    def measure(self, names: Sequence[str]) -> None:
        """Fill ``rows`` with kinds and constraint of each entry."""
        paths: list[Path_] = [(name,) for name in names]
        self._ask_each({path: {SOMETHING: 1} for path in paths})
        for depth in range(DEEPEST):
            known = list(self._known(paths))
            for path in known:
                self.rows[path] = self._kinds(path)
            # Of a setting that is never wrong itself an entry may be, as of hooks.
            paths = list(self._below(paths if depth == 0 else known))

    def _known(self, paths: Sequence[Path_]) -> Iterator[Path_]:
        """Those of which some value is wrong, which makes the file be skipped."""
        self.complaints = {kind: self._ask(paths, value) for kind, value in PROBES.items()}
        self.numbers = {number: self._ask(paths, number) for number in NUMBERS}
        self.required |= {path for path in self.complaints["object"] if path not in paths}
        return (path for path in paths if any(path in one for one in self.complaints.values()))

    def _kinds(self, path: Path_) -> tuple[list[str], str]:
        wrong = {kind: one[path] for kind, one in self.complaints.items() if path in one}
        kinds = [kind for kind in PROBES if kind not in wrong]
        needed = ["required"] if path in self.required else []
        choices = VALUES.match(wrong.get("string", ""))
        if choices:
            values = re.findall(r"[\"']([^\"']*)[\"']", choices[1] or choices[2])
            return [*kinds, "string"], " ".join(("|".join(values), *needed)).strip()
        if not kinds or (kinds == ["null"]):  # no probe was right: it is a union, or has a form of its own
            return ["?"], ""
        if "string" in wrong and not wrong["string"].startswith("Expected"):
            return [*kinds, "string?"], ""
        refused = [number for number in NUMBERS if path in self.numbers[number]] if "number" in kinds else []
        return kinds, " ".join((*self._limits(path, refused), *needed))

    def _limits(self, path: Path_, refused: Sequence[float]) -> Iterator[str]:
        if 0.5 in refused:
            yield "integer"
        if 0 in refused:
            yield ">0"
        elif -1 in refused:
            yield ">=0"
        if 10**9 in refused:
            told = re.search(r"<=?\s*(\d+)|less than or equal to (\d+)", self.numbers[10**9][path])
            yield f"<={told[1] or told[2]}" if told else "<10^9"

    def _below(self, known: Sequence[Path_]) -> Iterator[Path_]:
        """The members, or else the items, of those that may have any; of what is never wrong that is not known."""
        for parent in known:
            kinds = self.rows[parent][0] if parent in self.rows else ["object", "array"]
            children = self._members(parent) if "object" in kinds else set[Path_]()
            if (*parent, "*") in children:
                yield (*parent, "*")
            elif children or "array" not in kinds:
                yield from sorted(children)
            else:
                yield (*parent, "[]")

    def _members(self, parent: Path_) -> set[Path_]:
        found = set[Path_]()
        for value in ({}, "x") if parent in self.rows else ({},):
            complaints = self._ask_each({parent: dict.fromkeys((*self.members, SOMETHING), value)})
            found |= {path[: len(parent) + 1] for path, _text in complaints if len(path) > len(parent)}
        return found

    def _ask(self, paths: Iterable[Path_], value: object) -> dict[Path_, str]:
        return dict(self._ask_each(dict.fromkeys(paths, value)))

    def _ask_each(self, values: dict[Path_, Any]) -> list[tuple[Path_, str]]:
        """The complaints about a file with these entries, by their path."""
        settings: dict[str, Any] = {}
        for path, value in values.items():
            _put(settings, path, value)
        with tempfile.TemporaryDirectory() as home:
            file = Path(home, ".claude", "settings.json")
            file.parent.mkdir()
            file.write_text(json.dumps(settings))
            environ = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", **QUIET}
            command = [self.program, "doctor"]
            # Into a file: of a long list through a pipe the program may lose the end.
            with open(Path(home, "printed"), "w+", encoding="utf-8") as printed:
                subprocess.run(command, env=environ, cwd=home, stdin=subprocess.DEVNULL, stdout=printed, check=True)
                printed.seek(0)
                complaints = COMPLAINT.findall(printed.read())
        for _path_text, text in complaints:
            if listed := LISTED.search(text):
                self.members = sorted({*self.members, *listed[1].split(", ")})
        said = [(path, text) for path, text in complaints if FATAL.match(text)]
        return [(_path(path, settings), text) for path, text in said]


def _put(settings: Any, path: Path_, value: object) -> None:
    """Set an entry; ``[]`` is the only item of its list, ``*`` a member of any name."""
    for name, following in zip(path, (*path[1:], None), strict=True):
        empty: Any = value if following is None else [] if following == "[]" else {}
        if name == "[]":
            settings[:] = settings or [empty]
            settings = settings[0]
        else:
            name = SOMETHING if name == "*" else name
            settings[name] = empty if following is None else settings.get(name, empty)
            settings = settings[name]


def _path(text: str, settings: Any) -> Path_:
    """The path in a complaint; the names in it may have dots only where we put some, which we don't."""
    names: list[str] = []
    for name in text.split("."):
        names.append("[]" if isinstance(settings, list) else "*" if name == SOMETHING else name)
        try:
            settings = settings[int(name)] if isinstance(settings, list) else settings[name]
        except (KeyError, IndexError, TypeError, ValueError):
            settings = None
    return tuple(names)


def main() -> None:
    """Write both tables."""
    program = sys.argv[1] if len(sys.argv) > 1 else claude_code()
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    variables, top, members = names_of(program)
    schema = Schema(program, members)
    schema.measure(top)
    rows = {(name,): (["any"], "") for name in top} | schema.rows
    _write("variables.tsv", version, (f"{name}\t{kind}" for name, kind in sorted(variables.items())))
    _write(
        "settings.tsv",
        version,
        ("\t".join((".".join(path), "|".join(kinds), limit)).rstrip() for path, (kinds, limit) in sorted(rows.items())),
    )


def _write(name: str, version: str, rows: Iterable[str]) -> None:
    FACTS.mkdir(exist_ok=True)
    (FACTS / name).write_text("\n".join((f"# Claude Code {version}", *rows, "")))


if __name__ == "__main__":
    main()
