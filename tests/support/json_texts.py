"""JSON texts as people and programs write them, for hypothesis; and what of them is not ours, by another parser."""

from __future__ import annotations

import re
from collections.abc import Collection

from hypothesis import strategies as st

Path = tuple[str, ...]
Tree = str | list["Tree"] | list[tuple[str, "Tree"]]

blanks = st.sampled_from(["", "", " ", "\n", "\r\n", "\t", "\n    ", "\r", " \r\n\t "])
_pieces = st.sampled_from(
    [
        "a",
        "é",
        "汉",
        "😀",
        "\u2028",
        "\x7f",
        "/",
        r"\/",
        r"\"",
        r"\\",
        r"\n",
        r"\u0041",
        r"\uD83D\uDE00",
        r"\ud800",
        r"\u0000",
    ]
)
strings = st.lists(_pieces, max_size=6).map(lambda pieces: '"' + "".join(pieces) + '"')
numbers = st.sampled_from(["0", "-0", "1.50", "1e999999", "-1E-7", "12345678901234567890", "9" * 700, "0.1e+10"])
scalars = strings | numbers | st.sampled_from(["true", "false", "null"])
foreign_keys = st.sampled_from(
    ['"theme"', '"\\u0074heme"', '"é"', '""', '"hooks"', '"ENV"', '"env.X"', r'"\ud800"', '"__proto__"']
)


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """An array, spelt anyhow."""
    items = [draw(blanks) + item + draw(blanks) for item in draw(st.lists(inner, max_size=3))]
    return "[" + (",".join(items) or draw(blanks)) + "]"


@st.composite
def objects(draw: st.DrawFn, members: list[tuple[str, str]]) -> str:
    """An object of these members (their keys and values as text), spelt anyhow."""
    written = [f"{draw(blanks)}{key}{draw(blanks)}:{draw(blanks)}{value}{draw(blanks)}" for key, value in members]
    return "{" + (",".join(written) or draw(blanks)) + "}"


def some_objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects of a few foreign members, names twice among them."""
    return st.lists(st.tuples(foreign_keys, inner), max_size=3).flatmap(objects)


values = st.recursive(scalars, lambda inner: lists(inner) | some_objects(inner), max_leaves=6)
deep_values = st.integers(1, 400).map(lambda depth: '{"a":[' * depth + "]}" * depth)


@st.composite
def settings_texts(draw: st.DrawFn, owned: Collection[Path], owned_values: st.SearchStrategy[str]) -> str:
    """A settings file: foreign and owned members in any order, names twice or with escapes, in any spelling."""

    def key_of(name: str) -> str:
        return f'"{name}"' if draw(st.integers(0, 4)) else f'"\\u{ord(name[0]):04x}{name[1:]}"'

    def some(level: int) -> list[tuple[str, str]]:
        names = sorted(path[-1] for path in owned if len(path) == level)
        ours = draw(st.lists(st.tuples(st.sampled_from(names).map(key_of), owned_values), max_size=3))
        theirs = draw(st.lists(st.tuples(foreign_keys, values | deep_values), max_size=4))
        return draw(st.permutations([*ours, *theirs]))

    members = some(1)
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        members.insert(draw(st.integers(0, len(members))), (key_of("env"), draw(objects(some(2)))))
    return draw(blanks) + draw(objects(members)) + draw(blanks)


def foreign_part(text: str, owned: Collection[Path]) -> list[Tree]:
    """Everything that is not ours, token for token and in its order; an ``env`` that holds nothing else is left out."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', text)
    tree, rest = _tree(tokens)
    assert rest == []
    names = {path[-1] for path in owned if len(path) == 1}
    inner = {path[-1] for path in owned if len(path) == 2}
    kept: list[Tree] = []
    for key, value in tree:  # pyright: ignore[reportGeneralTypeIssues]
        if _name(key) == "env" and isinstance(value, list):
            value = [member for member in value if _name(member[0]) not in inner]
            kept += [[(key, value)]] if value else []
        elif _name(key) not in names:
            kept.append([(key, value)])
    return kept


def _name(key: str) -> str:
    return re.sub(r"\\u00([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), key[1:-1])


def _tree(tokens: list[str]) -> tuple[Tree, list[str]]:
    stack: list[list[str | Tree]] = [[]]
    for token in tokens:
        if token in "{[":
            stack.append([token])
        elif token in "}]":
            done = stack.pop()
            stack[-1].append(_members(done[1:]) if done[0] == "{" else done)
        elif token not in ":,":
            stack[-1].append(token)
    return stack[0][0], stack[0][1:]


def _members(items: list) -> list[tuple[str, Tree]]:
    return list(zip(items[::2], items[1::2], strict=True))
