from __future__ import annotations

import re
import subprocess
import tomllib

import h11
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.core import quoting
from tests.support.requirements import require

special = st.sampled_from("'\"\\`$!%^&|;<>()[]{}*?~#@=,:+- \t\n\r\u2018\u2019\u201a\u201bé汉")
words = st.lists(special | st.sampled_from("ab0"), max_size=12).map("".join)
lines = words.filter(lambda word: not set("\r\n") & set(word))
SHELLS = {"sh": quoting.posix, "bash": quoting.posix, "fish": quoting.fish}


@pytest.mark.parametrize("shell", SHELLS)
@rules(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(argv=st.lists(words, min_size=1, max_size=150))
def test_a_shell_reads_back_what_was_quoted(shell: str, argv: list[str]) -> None:
    require(shell)
    line = "printf '%s\\0' " + " ".join(map(SHELLS[shell], argv))
    done = subprocess.run([shell, "-c", line], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stdout.decode().split("\0")[:-1] == argv


@given(word=words)
def test_powershell_reads_back_what_was_quoted(word: str) -> None:
    quoted = quoting.powershell(word)
    single = "['\u2018\u2019\u201a\u201b]"
    inside = re.fullmatch(f"{single}((?:[^'\u2018\u2019\u201a\u201b]|{single}{{2}})*){single}", quoted)
    assert inside and re.sub(f"({single}){single}", r"\1", inside[1]) == word


@given(argv=st.lists(lines, min_size=1, max_size=5))
def test_a_program_gets_from_cmd_what_was_quoted(argv: list[str]) -> None:
    assert program_words(unescaped_by_cmd(quoting.command_line(argv, "cmd"))) == argv


@pytest.mark.parametrize("char", ["\n", "\r", "\0"])
def test_what_cmd_cannot_hold_is_refused(char: str) -> None:
    with pytest.raises(ValueError, match="can't be quoted"):
        quoting.cmd(f"a{char}b")


@pytest.mark.parametrize("quote", quoting.SHELLS.values())
def test_a_zero_is_refused_for_every_shell(quote) -> None:
    with pytest.raises(ValueError, match="can't be quoted"):
        quote("\0")


@given(text=words | st.text())
def test_toml_reads_back_what_was_quoted(text: str) -> None:
    try:
        quoted = quoting.toml(text)
    except ValueError:
        assert any("\ud800" <= char <= "\udfff" for char in text)
        return
    assert tomllib.loads(f"a = {quoted}\n") == {"a": text}


@given(name=words | st.from_regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", fullmatch=True), value=words | st.text())
def test_a_header_is_one_that_http_can_carry(name: str, value: str) -> None:
    if quoting.is_header(name, value):
        value = value.strip(" ")
        request = h11.Request(method="GET", target="/", headers=[("Host", "h"), (name, value)])
        assert request.headers.raw_items()[1] == (name.encode(), value.encode())
    else:
        usable = re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) and re.fullmatch(r"[ -~]*", value)
        assert not usable


def unescaped_by_cmd(line: str) -> str:
    """What cmd.exe passes on; fails where it would obey a character, or expand a variable."""
    seen, chars = "", iter(line)
    for char in chars:
        assert char == "^" or char == " " or char not in '()%!"`<>&|;,*?[]\t', line
        seen += next(chars) if char == "^" else char
    return seen


def program_words(line: str) -> list[str]:
    """How ``CommandLineToArgvW`` splits the line of a program (without its special rule for the first word)."""
    found: list[str] = []
    word, quoted, at = None, False, 0
    while at < len(line):
        backslashes = len(line) - at - len(line[at:].lstrip("\\"))
        at += backslashes
        char = line[at : at + 1]
        if char == '"':
            word = (word or "") + "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
        else:
            if backslashes:
                word = (word or "") + "\\" * backslashes
            if char in ("", " ", "\t") and not quoted:
                found += [] if word is None else [word]
                word = None
            else:
                word = (word or "") + char
        at += 1
    return [*found, *([] if word is None else [word])]
