"""Files as the tools and their users write them."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import Item, UnreadableText, apply_edits
from ccswitch_py.formats.entries import edits_back, edits_towards, snapshot

TOML, YAML, DOTENV = find_format("toml"), find_format("yaml"), find_format("dotenv")

CODEX = """\
# Codex
approval_policy = 'on-request' # asks
notify = [
  "say", # loud
  "done",
]

[model_providers.mine]
name = "mine"
env_key = "MINE"

# written by Codex
[projects."/home/me/a.b"]
trust_level = "trusted"

[[hooks]]
run = '''
[not.a.table]
'''
"""
PROVIDER = ("model_providers", "ccswitch")
PROVIDER_VALUE = {
    "name": "ccswitch",
    "base_url": "http://127.0.0.1:1/v1",
    "wire_api": "responses",
    "auth": {"command": "/abs/key-command", "args": ["work"]},
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_codex_gets_its_provider_and_gives_it_back(newline: str) -> None:
    text = CODEX.replace("\n", newline)
    owned = [("model",), ("model_provider",), PROVIDER]
    wanted = [
        (("model",), TOML.dump(("model",), "gpt-5.4-low")),
        (("model_provider",), TOML.dump(("model_provider",), "ccswitch")),
        (PROVIDER, TOML.dump(PROVIDER, PROVIDER_VALUE)),
    ]
    before = snapshot(TOML, text, owned)
    ours = apply_edits(text, edits_towards(TOML, text, wanted))
    values = tomllib.loads(ours)
    assert values["model_provider"] == "ccswitch"
    assert values["model_providers"] == {
        "mine": tomllib.loads(CODEX)["model_providers"]["mine"],
        "ccswitch": PROVIDER_VALUE,
    }
    assert edits_towards(TOML, ours, wanted) == []
    theirs = ours.replace("trusted", "untrusted")
    back = apply_edits(theirs, edits_back(TOML, theirs, owned, before))
    assert back == text.replace("trusted", "untrusted")


def test_a_table_that_the_user_had_comes_back_with_its_comments() -> None:
    mine = '[model_providers.ccswitch] # mine\nname = "x" # old\n\n# inside\n[model_providers.ccswitch.auth]\nargs = []'
    text = f"a = 1\n\n{mine}\n\n# behind\n[b]\nc = 1\n"
    before = snapshot(TOML, text, [PROVIDER])
    assert before.entries == {PROVIDER: mine}
    ours = apply_edits(text, edits_towards(TOML, text, [(PROVIDER, TOML.dump(PROVIDER, PROVIDER_VALUE))]))
    assert "# behind\n[b]\nc = 1\n" in ours and "# mine" not in ours
    assert apply_edits(ours, edits_back(TOML, ours, [PROVIDER], before)) == text


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("[a]\nx = 1", ("model",), 'model = "v"\n[a]\nx = 1'),
        ("# top\na.b = 1\n", ("a", "c"), '# top\na.b = 1\na.c = "v"\n'),
        ("[t]\na.b.c = 1\n[u]\n", ("t", "a", "d"), '[t]\na.b.c = 1\na.d = "v"\n[u]\n'),
        ("[t]\n  x  =  1\n\n# c\n[t.u]\n", ("t", "y"), '[t]\n  x  =  1\n  y  =  "v"\n\n# c\n[t.u]\n'),
        ("t = {x = 1} # c\n", ("t", "y"), 't = {x = 1,y = "v"} # c\n'),
        ("[a.b]\nx = 1\n", ("a", "y"), '[a.b]\nx = 1\n\n[a]\ny = "v"\n'),
        ('"my key" = 1\n', ("my key",), '"my key" = "v"\n'),
        ("[[l]]\nid = 'x'\n\n[b]\n", ("l", Item("id", "x"), "k"), "[[l]]\nid = 'x'\nk = \"v\"\n\n[b]\n"),
        ("l = [\n  {id = 'x'},\n]\n", ("l", Item("id", "x"), "k"), "l = [\n  {id = 'x',k = \"v\"},\n]\n"),
    ],
)
def test_a_line_of_toml_goes_where_it_belongs(text: str, path: tuple, after: str) -> None:
    assert apply_edits(text, TOML.set(text, path, '"v"')) == after
    assert tomllib.loads(after)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[model_providers.ccswitch]\nx = 1\n[b]\n[model_providers.ccswitch.auth]\n", PROVIDER),
        ("model_providers.ccswitch.name = 1\n", PROVIDER),
        ("[[a]]\nid = 'y'\n[['a']]\nid = 'x'\n", ("k",)),
        ("a = 1\na = 2\n", ("k",)),
    ],
)
def test_toml_that_cannot_be_changed_safely_is_refused(text: str, path: tuple) -> None:
    with pytest.raises(UnreadableText):
        TOML.set(text, path, "1")


HERMES = """\
# Hermes
model:
  default: old # the model
  provider: mine
custom_providers:
# the first
- name: mine
  base_url: http://x # local
  models:
    M: {context_length: 1}
defaults: &d
  a: 1
use: *d
prompt: |
  # not a comment
  - nor an item
"""
OURS = ("custom_providers", Item("name", "ccswitch"))


def test_hermes_gets_its_provider_and_gives_it_back() -> None:
    owned = [("model", "default"), ("model", "provider"), OURS]
    item = {"name": "ccswitch", "key_env": "K", "models": {"M": {"context_length": 2}}}
    wanted = [(owned[0], '"M"'), (owned[1], '"ccswitch"'), (OURS, YAML.dump(OURS, item))]
    before = snapshot(YAML, HERMES, owned)
    ours = apply_edits(HERMES, edits_towards(YAML, HERMES, wanted))
    values = yaml.safe_load(ours)
    assert values["model"] == {"default": "M", "provider": "ccswitch"} and values["custom_providers"][1] == item
    theirs = ours.replace("a: 1", "a: 2")
    assert apply_edits(theirs, edits_back(YAML, theirs, owned, before)) == HERMES.replace("a: 1", "a: 2")


def test_an_item_in_block_style_comes_back_with_its_comments_at_another_indent() -> None:
    text = "models:\n- name: ccswitch # mine\n  # inside\n  roles:\n  - chat\n- name: other\n"
    path = ("models", Item("name", "ccswitch"))
    before = snapshot(YAML, text, [path])
    ours = apply_edits(text, YAML.set(text, path, '{"name": "ccswitch"}'))
    assert ours == 'models:\n- {"name": "ccswitch"}\n- name: other\n'
    assert apply_edits(ours, edits_back(YAML, ours, [path], before)) == text
    theirs = ours.replace("\n-", "\n    -")
    back = apply_edits(theirs, edits_back(YAML, theirs, [path], before))
    assert yaml.safe_load(back) == yaml.safe_load(text) and "    - name: ccswitch # mine\n      # inside\n" in back


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a: 1\nb: &x 2\nc: *x\n", ("b",), 2),
        ("a: &x {d: 1}\nb: *x\n", ("b",), 2),
        ("a: &x {d: 1}\nb: *x\n", ("a", "d"), 1),
        ("x: &x {d: 1}\na:\n  <<: *x\n", ("a", "d"), 3),
        ("a: !!str 1\n", ("a",), 1),
        ("a: 1\n---\nb: 1\n", ("a",), 2),
        ("a: [1\n", ("a",), 2),
    ],
)
def test_yaml_that_cannot_be_changed_safely_is_refused(text: str, path: tuple, line: int) -> None:
    with pytest.raises(UnreadableText) as problem:
        YAML.set(text, path, '"v"')
    assert problem.value.line == line


def test_aliases_that_stand_for_gigabytes_are_not_followed() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    text = "\n".join(lines) + "\nkey: 1\n"
    assert apply_edits(text, YAML.set(text, ("key",), '"v"')).endswith('key: "v"\n')
    with pytest.raises(UnreadableText):
        YAML.spans(text, [("a59",)])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1\nkey:\nb: 2\n", 'a: 1\nkey: "v"\nb: 2\n'),
        ("key:\n  - a\n  - b # c\n", 'key: "v" # c\n'),
        ("key: # c\n- a\n", 'key: # c\n  "v"\n'),
        ("key: a\nkey: b\n", 'key: a\nkey: "v"\n'),
        ("a:\n  - b", 'a:\n  - b\nkey: "v"'),
        ("{a: 1}\n", '{a: 1,key: "v"}\n'),
        ("key: >-\n  folded\n\n# c\n", 'key: "v"\n\n# c\n'),
    ],
)
def test_a_value_of_yaml_goes_where_it_belongs(text: str, after: str) -> None:
    assert apply_edits(text, YAML.set(text, ("key",), '"v"')) == after
    assert yaml.safe_load(after)["key"] == "v"


GEMINI = "# Gemini\nexport GEMINI_API_KEY='old' # mine\n\nGEMINI_API_KEY = old2\nOTHER=\"a\n# no comment\"\n"


def test_a_variable_of_gemini_is_set_and_removed() -> None:
    path = ("GEMINI_API_KEY",)
    after = apply_edits(GEMINI, DOTENV.set(GEMINI, path, DOTENV.dump(path, "new $x")))
    assert after == GEMINI.replace("old2", "'new $x'")
    assert apply_edits(GEMINI, DOTENV.remove(GEMINI, path)) == '# Gemini\n\nOTHER="a\n# no comment"\n'
    assert DOTENV.foreign_spans(GEMINI, [path]) == [(GEMINI.index('"a'), len(GEMINI) - 1)]


@pytest.mark.parametrize("value", ["", "a b", "it's", "a\\d", 'say "x"', "a#b # c", "$HOME", "two\nlines", "it's\ntwo"])
def test_a_value_of_dotenv_is_read_alike_by_python(value: str) -> None:
    raw = DOTENV.dump(("K",), value)
    assert DOTENV.load(("K",), raw) == value
    assert raw[0] == ('"' if "'" in value else "'")


# As motdotla/dotenv has it in lib/main.js; gemini-cli and many others use that.
NODE_LINE = re.compile(
    r"""^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)"""
    r"""(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$""",
    re.MULTILINE,
)


def read_by_node(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, found in NODE_LINE.findall(re.sub(r"\r\n?", "\n", text)):
        value = found.strip()
        quote = value[:1]
        value = re.sub(r"\A(['\"`])(.*)\1\Z", r"\2", value, flags=re.DOTALL)
        values[name] = value.replace("\\n", "\n").replace("\\r", "\r") if quote == '"' else value
    return values


@rules(deadline=None)
@given(st.text(st.sampled_from("aé汉😀 '\"\\nr#$`=:\n\r\t"), max_size=8))
def test_a_value_of_dotenv_is_read_alike_by_node(value: str) -> None:
    try:
        raw = DOTENV.dump(("K",), value)
    except ValueError:
        return
    text = apply_edits(GEMINI, DOTENV.set(GEMINI, ("K",), raw))
    assert read_by_node(text)["K"] == value
    assert DOTENV.load(("K",), raw) == value


@pytest.mark.parametrize("value", ["a\\\\b", "end\\", 'it\'s "both"', "${HOME}", "it's\\n", 1, None, "\ud800"])
def test_what_programs_would_read_differently_is_not_written(value: object) -> None:
    with pytest.raises(ValueError):
        DOTENV.dump(("K",), value)


def test_strict_json_loads_no_other_format() -> None:
    script = "import sys; from ccswitch_py.formats import entries, find_format as f; f('json'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.startswith("ccswitch_py.formats.")}
    assert loaded == {f"ccswitch_py.formats.{name}" for name in ("base", "entries", "json_text")}
    assert not {"tomlkit", "yaml", "dotenv", "typing", "dataclasses"} & set(done.stdout.split())
