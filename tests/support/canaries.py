"""Finds a key wherever it leaked to: in files, processes and texts, also encoded, cut in two, or written backwards."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

_SHOWN_TAIL = 4
_NOT_SEEN = re.compile(rb"<[^>]*>|&#160;|[^!-~]")
"""Marks of a picture, blanks, frames of a screen: what a key that goes on in the next line has in its middle."""


class Canary:
    """A made-up key; its last four characters may be shown, so what is looked for are two parts of the rest."""

    def __init__(self, key: str) -> None:
        self.key = key
        body = key[:-_SHOWN_TAIL]
        assert len(body) >= 32, "parts of a shorter key could be found by chance"
        self._forms = {
            form.lower() for part in (body[: len(body) // 2], body[len(body) // 2 :]) for form in forms(part)
        }

    @classmethod
    def new(cls, mark: str = "sk-canary-") -> Self:
        """One that no file of this repository can hold."""
        return cls(f"{mark}{secrets.token_hex(20)}wq3z")

    def is_in(self, data: bytes | str) -> bool:
        """Whether a part of the key is there in any form."""
        raw = (data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).lower()
        return any(form in text for text in (raw, _NOT_SEEN.sub(b"", raw)) for form in self._forms)

    def files_below(self, *tops: Path) -> list[str]:
        """The files that hold it, or have it in their name."""
        return sorted(
            str(file)
            for top in tops
            for folder, folders, names in os.walk(top)
            for file in (Path(folder, name) for name in (*folders, *names))
            if self.is_in(str(file)) or (file.is_file() and self.is_in(file.read_bytes()))
        )


def forms(text: str) -> Iterator[bytes]:
    """A text as it is, backwards, in base64 wherever it begins, in hex, percent-encoded, escaped, in UTF-16."""
    data = text.encode()
    yield data
    yield data[::-1]
    yield data.hex().encode()
    yield "".join(f"%{byte:02x}" for byte in data).encode()
    yield json.dumps("".join(f"\\u{byte:04x}" for byte in data)).replace("\\\\", "\\")[1:-1].encode()
    yield "".join(f"\\x{byte:02x}" for byte in data).encode()
    yield text.encode("utf-16-le")
    for before, encode in itertools.product(range(3), (base64.b64encode, base64.urlsafe_b64encode)):
        whole = bytes(before) + data
        code = encode(whole + bytes(-len(whole) % 3))
        yield code[-(-before * 4 // 3) : len(whole) * 4 // 3 - 1]


class Processes:
    """What was seen of the processes that this one has started, by their number; and how often was looked."""

    def __init__(self) -> None:
        self.looks = 0
        self.is_watched = True
        self.arguments: set[bytes] = set()
        self.variables: dict[bytes, frozenset[bytes]] = {}
        """The environments, by the command line of the process."""

    def look(self) -> None:
        """Look at all that there are now."""
        parents: dict[str, str] = {}
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                parents[process] = Path("/proc", process, "stat").read_bytes().rpartition(b")")[2].split()[1].decode()
            except OSError:
                continue
        for process in parents:
            if _descends(process, parents):
                try:
                    line = Path("/proc", process, "cmdline").read_bytes()
                    variables = Path("/proc", process, "environ").read_bytes()
                    if line != Path("/proc", process, "cmdline").read_bytes():
                        continue  # it became another program meanwhile
                except OSError:
                    continue
                self.arguments.add(line)
                self.variables[line] = self.variables.get(line, frozenset()) | {variables}
        self.looks += 1


@contextmanager
def watched_processes() -> Iterator[Processes]:
    """The processes that live while the block runs, looked at without a pause."""
    seen, over = Processes(), threading.Event()

    def watch() -> None:
        try:
            while not over.is_set():
                seen.look()
        finally:
            seen.is_watched = False

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _descends(process: str, parents: dict[str, str]) -> bool:
    me = str(os.getpid())
    while process in parents:
        process = parents[process]
        if process == me:
            return True
    return False
