import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccswitch_py.targets.claude_code.sources.shell_text import (
    fish_entries,
    plain_entries,
    posix_entries,
    universal_entries,
)
from ccswitch_py.targets.explanation import Entry

URL = "ANTHROPIC_BASE_URL"
TOKEN = "ANTHROPIC_AUTH_TOKEN"
REMOVED = "removed"
NOT_KNOWN = None
PRINTABLE = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=40)
SHELL_LIKE = st.text(st.sampled_from("ANTHROPIC_BASE_URL=export ifthenfi$(){}`'\"\\<\n;&|#~"), max_size=120)


def values(entries: list[Entry]) -> list[tuple[str, str | None, int | None]]:
    return [
        (entry.name, REMOVED if entry.removes else entry.value and entry.value.reveal(), entry.line)
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("export ANTHROPIC_BASE_URL=https://a.test", "https://a.test"),
        ("ANTHROPIC_BASE_URL=https://a.test", "https://a.test"),
        ("  export FIRST=1 ANTHROPIC_BASE_URL='https://a.test' # why", "https://a.test"),
        ('declare -x ANTHROPIC_BASE_URL="https://a.test"', "https://a.test"),
        ("typeset -gx ANTHROPIC_BASE_URL=https://a.test?b=1", "https://a.test?b=1"),
        ("cd /tmp; export ANTHROPIC_BASE_URL=a'b'\"c\"\\d", "abcd"),
        ("export ANTHROPIC_BASE_URL=https://a.\\\ntest", "https://a.test"),
        ("export ANTHROPIC_BASE_URL=$'https://a.test'", "https://a.test"),
        ("export ANTHROPIC_BASE_URL=$'a\\'b'", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=$'a\\tb'", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=", ""),
        ("setenv ANTHROPIC_BASE_URL https://a.test", "https://a.test"),
        ("export ANTHROPIC_BASE_URL=$OTHER", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=$(cat url; echo 'a)')", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=`cat url`", NOT_KNOWN),
        ('export ANTHROPIC_BASE_URL="${OTHER:-x}"', NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL+=more", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=$\\\n?", NOT_KNOWN),
        ("export ANTHROPIC_BASE_URL=~/url", NOT_KNOWN),
        ("[ -f x ] && export ANTHROPIC_BASE_URL=a", NOT_KNOWN),
        ("if true; then export ANTHROPIC_BASE_URL=a; fi", NOT_KNOWN),
        ("gateway() { export ANTHROPIC_BASE_URL=a; }", NOT_KNOWN),
        ("(export ANTHROPIC_BASE_URL=a)", NOT_KNOWN),
        ("((export ANTHROPIC_BASE_URL=a); true)", NOT_KNOWN),
        ('x="$(echo "it\'s \\"here\\"")"\nexport ANTHROPIC_BASE_URL=a', NOT_KNOWN),
        ('x="$(echo "a b" | sort)"\nexport ANTHROPIC_BASE_URL=after', "after"),
        ("export ANTHROPIC_BASE_URL={a,b}", NOT_KNOWN),
        ('export ANTHROPIC_BASE_URL=`#"`', NOT_KNOWN),
        ("case $- in *i*) export ANTHROPIC_BASE_URL=a;; esac", NOT_KNOWN),
        ("unset ANTHROPIC_BASE_URL", REMOVED),
        ("if x; then y; fi\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("cat <<EOF\nit's here\nEOF\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("f() { echo '}'; }\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("((x=1<<2))\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("for ((i=1<<2; i; i--)); do :; done\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("((x)) && export ANTHROPIC_BASE_URL=a", NOT_KNOWN),
        ("x=$(echo 'a\\')\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("x=${y//\\'/}\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("cat <<'A B'\nexport ANTHROPIC_BASE_URL=a\nA B\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("case $- in *i*) ;; *) return;; esac\nexport ANTHROPIC_BASE_URL=after", "after"),
        ('[ -z "$PS1" ] && return\nexport ANTHROPIC_BASE_URL=after', "after"),
        ("f() { return 1; }\nexport ANTHROPIC_BASE_URL=after", "after"),
        ("export ANTHROPIC_BASE_URL=a\nexit 0\nexport ANTHROPIC_BASE_URL=b", "a"),
    ],
)
def test_what_a_posix_shell_would_set_or_that_it_cannot_be_told(text: str, value: str | None) -> None:
    assert [(name, found) for name, found, _ in values(posix_entries(text))] == [(URL, value)]


@pytest.mark.parametrize(
    "text",
    [
        "# export ANTHROPIC_BASE_URL=a",
        "ANTHROPIC_BASE_URL=a claude",
        "echo export ANTHROPIC_BASE_URL=a",
        "echo 'export ANTHROPIC_BASE_URL=a'",
        "alias work='ANTHROPIC_BASE_URL=a claude'",
        "cat <<'EOF'\nexport ANTHROPIC_BASE_URL=a\nEOF",
        "export MY_ANTHROPIC_BASE_URL=a",
        "export ANTHROPIC_BASE_URL",
        "return\nexport ANTHROPIC_BASE_URL=a",
        "echo; exit 1; export ANTHROPIC_BASE_URL=a",
    ],
)
def test_what_only_looks_like_setting_it_sets_nothing(text: str) -> None:
    assert posix_entries(text) == []


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("export ANTHROPIC_BASE_URL=a", True),
        ("ANTHROPIC_BASE_URL=a", False),
        ("ANTHROPIC_BASE_URL=a\nexport ANTHROPIC_BASE_URL", True),
        ("export ANTHROPIC_BASE_URL\nANTHROPIC_BASE_URL=a", True),
        ("set -a\nANTHROPIC_BASE_URL=a\nset +a", True),
        ("setopt allexport\nANTHROPIC_BASE_URL=a", True),
        ("declare ANTHROPIC_BASE_URL=a", False),
        ("export -n ANTHROPIC_BASE_URL=a", False),
        ("declare -x ANTHROPIC_BASE_URL=a", True),
        ("readonly ANTHROPIC_BASE_URL=a", False),
        ("setenv ANTHROPIC_BASE_URL a", True),
        ("export ANTHROPIC_BASE_URL=$(cat url)", True),
        ("unset ANTHROPIC_BASE_URL", True),
        ("f() { unset ANTHROPIC_BASE_URL; }", False),
        ("f() { export ANTHROPIC_BASE_URL=a; }", False),
        ("function f { export ANTHROPIC_BASE_URL=a; }", False),
        ("function f() {\n export ANTHROPIC_BASE_URL=a\n}", False),
        ("function f() {\n x\n}\nexport ANTHROPIC_BASE_URL=a", True),
        ("function f()\n{\n x\n}\nexport ANTHROPIC_BASE_URL=a", True),
        ("function f {\n { x; }\n}\nexport ANTHROPIC_BASE_URL=a", True),
        ("function f { x; }\n{ y; }\nexport ANTHROPIC_BASE_URL=a", True),
        ("if x; then export ANTHROPIC_BASE_URL=a; fi", False),
        ("x && export ANTHROPIC_BASE_URL=a", False),
        ("for x in y; do export ANTHROPIC_BASE_URL=a; done", False),
        ("case x in y) export ANTHROPIC_BASE_URL=a;; esac", False),
        ("(export ANTHROPIC_BASE_URL=a)", False),
        ("x | export ANTHROPIC_BASE_URL=a", False),
        ("f() { export ANTHROPIC_BASE_URL; }\nANTHROPIC_BASE_URL=a", False),
    ],
)
def test_only_what_is_exported_outside_of_every_block_is_certain(text: str, certain: bool) -> None:
    assert [entry.certain for entry in posix_entries(text)] == [certain]


def test_a_line_of_fish_outside_of_every_block_is_certain() -> None:
    text = "set -gx ANTHROPIC_BASE_URL (cat url)\nfunction f\n set -gx ANTHROPIC_BASE_URL a\nend"
    assert [entry.certain for entry in fish_entries(text)] == [True, False]


BLOCKS = ["f() {{\n{}\n}}", "function f() {{\n{}\n}}", "function f {{ {}\n}}", "if x\nthen {}\nfi", "({})"]


@settings(max_examples=200)
@given(
    st.text(st.sampled_from("abc =;\n$"), max_size=40),
    st.sampled_from(BLOCKS),
)
def test_nothing_inside_a_block_is_certain(around: str, block: str) -> None:
    text = block.format(f"{around}\nexport ANTHROPIC_BASE_URL=a\n")
    assert not any(entry.certain for entry in posix_entries(text))


def test_the_line_is_that_where_the_command_begins() -> None:
    text = "\n# one\nexport ANTHROPIC_BASE_URL=a\nX='1\n2'\n\nexport \\\n  ANTHROPIC_AUTH_TOKEN=b\n"
    assert values(posix_entries(text)) == [(URL, "a", 3), (TOKEN, "b", 7)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("set -gx ANTHROPIC_BASE_URL https://a.test", "https://a.test"),
        ("set --global --export ANTHROPIC_BASE_URL 'it\\'s'", "it's"),
        ("set -Ux ANTHROPIC_BASE_URL a b", "a b"),
        ("export ANTHROPIC_BASE_URL=a", "a"),
        ("set -gx ANTHROPIC_BASE_URL (cat url)", NOT_KNOWN),
        ('set -gx ANTHROPIC_BASE_URL "$other"', NOT_KNOWN),
        ("if status is-login\n  set -gx ANTHROPIC_BASE_URL a\nend", NOT_KNOWN),
        ("test -f x; and set -gx ANTHROPIC_BASE_URL a", NOT_KNOWN),
        ("set -e ANTHROPIC_BASE_URL", REMOVED),
        ("function f\n  echo a\nend\nset -gx ANTHROPIC_BASE_URL after", "after"),
    ],
)
def test_what_fish_would_set_or_that_it_cannot_be_told(text: str, value: str | None) -> None:
    assert [(name, found) for name, found, _ in values(fish_entries(text))] == [(URL, value)]


def test_fish_keeps_what_is_not_exported_to_itself() -> None:
    assert fish_entries("set -g ANTHROPIC_BASE_URL a\nset -q ANTHROPIC_BASE_URL") == []


def test_lines_of_names_and_values() -> None:
    text = '# ours\nANTHROPIC_BASE_URL="https://a.test"\nOTHER=1\nANTHROPIC_AUTH_TOKEN=${KEY}\n'
    assert values(plain_entries(text)) == [(URL, "https://a.test", 2), (TOKEN, NOT_KNOWN, 4)]


def test_a_line_of_name_and_value_that_goes_on_in_the_next() -> None:
    text = "ANTHROPIC_BASE_URL=https://a.\\\nexample\nANTHROPIC_AUTH_TOKEN=b\\"
    assert values(plain_entries(text)) == [(URL, "https://a.example", 1), (TOKEN, "b\\", 3)]


FISH_VARIABLES = r"""# This file contains fish universal variable definitions.
# VERSION: 3.0
SETUVAR --export ANTHROPIC_BASE_URL:https\x3a//a\x2etest/v\u00e91
SETUVAR ANTHROPIC_API_KEY:not\x20exported
SETUVAR --export ANTHROPIC_AUTH_TOKEN:a\x1eb\\n
SET_EXPORT ANTHROPIC_MODEL:\x1d
"""


def test_the_universal_variables_of_fish_that_are_exported() -> None:
    assert values(universal_entries(FISH_VARIABLES)) == [
        (URL, "https://a.test/vé1", 3),
        (TOKEN, "a b\\n", 5),
        ("ANTHROPIC_MODEL", "", 6),
    ]


@settings(max_examples=300)
@given(st.one_of(PRINTABLE, SHELL_LIKE))
def test_no_text_makes_reading_it_fail_or_names_a_line_that_is_not_there(text: str) -> None:
    lines = text.count("\n") + 1
    for parse in (posix_entries, fish_entries, plain_entries, universal_entries):
        assert all(entry.line is not None and 1 <= entry.line <= lines for entry in parse(text))


@settings(max_examples=200)
@given(PRINTABLE)
def test_a_quoted_value_is_what_it_is_in_the_quotes(value: str) -> None:
    posix = "'" + value.replace("'", "'\\''") + "'"
    fish = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    assert [found for _, found, _ in values(posix_entries(f"export ANTHROPIC_BASE_URL={posix}"))] == [value]
    assert [found for _, found, _ in values(fish_entries(f"set -gx ANTHROPIC_BASE_URL {fish}"))] == [value]


SETTING = st.builds(
    "export ANTHROPIC_BASE_URL={}{}{}".format,
    st.sampled_from(["", "'", '"', "$'"]),
    st.text(st.sampled_from("ab \\\"'`$n\n;&|#~*?<>{}[]="), max_size=12),
    st.sampled_from(["", "'", '"']),
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to compare with")
@settings(max_examples=200, deadline=None)
@given(SETTING)
def test_a_value_that_is_said_to_be_known_is_what_bash_sets(text: str) -> None:
    entries = posix_entries(f"{text}\n")
    bash = [shutil.which("bash") or "bash", "--norc", "--noprofile", "-r", "-c"]  # restricted: it can write no file
    script = f"trap 'printf %s \"$ANTHROPIC_BASE_URL\"' EXIT\n{text}\n"
    done = subprocess.run([*bash, script], capture_output=True, env={"PATH": "/nowhere"}, check=False)
    if not done.stderr and entries and entries[-1].value is not None:
        assert done.stdout.decode() == entries[-1].value.reveal()
