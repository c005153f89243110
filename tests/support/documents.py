"""Documents of every format as people write them, for hypothesis: comments, odd blanks, names twice, nesting."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import strategies as st

from ccswitch_py.formats.base import Item

Draw = Callable[[st.SearchStrategy], object]
Pairs = list[tuple[str, object]]

ITEM = Item("id", "ours")
OWNED = (("key",), ("env", "A"), ("env", "B"), ("deep", "er", "C"), ("models", ITEM), ("items", ITEM, "url"))
OWNED_NAMES = (("KEY",), ("TOKEN",))
FORMATS = ("json", "json-comments", "jsonc", "json5", "toml", "yaml", "dotenv")

letters = st.sampled_from([*"aé汉😀'\"\\#/ :,{}[]-&*!|>%@`$=\t", "\u2028", "\x85", "\x7f", "\xa0", "\n", "\r\n"])
strings = st.lists(letters, max_size=6).map("".join)
scalars = strings | st.integers(-9, 10**20) | st.booleans() | st.sampled_from([1.5, -0.25, 1e30])
foreign_names = st.sampled_from(["theme", "KEYS", "a b", "é", "on", "1", "x-y"])


def owned_of(format_id: str) -> tuple:
    return OWNED_NAMES if format_id == "dotenv" else OWNED


def values_of(format_id: str, path: tuple) -> st.SearchStrategy:
    """Values that a target could give an entry."""
    if format_id == "dotenv":
        return st.text(st.sampled_from("aé汉😀# $=:/\n"), max_size=8)
    inner = scalars | st.lists(scalars, max_size=2) | st.dictionaries(foreign_names, scalars, max_size=2)
    members = st.dictionaries(foreign_names, inner, max_size=3)
    if path[-1] == ITEM:
        return members.map(lambda rest: {"id": "ours", **rest})
    return inner | members


@st.composite
def documents(draw: st.DrawFn, format_id: str) -> str:
    count = [0]

    def comment() -> str:
        count[0] += 1
        return f"c{count[0]}c {draw(st.sampled_from(['', 'a: 1', '- b', '[x]', '= ,', '] } */'[:3]]))}"

    tree = draw(trees(twice=format_id not in ("toml", "dotenv")))
    if format_id == "dotenv":
        text = _dotenv(draw, comment)
    elif format_id == "toml":
        text = _toml(draw, comment, tree)
    elif format_id == "yaml" and draw(st.integers(0, 4)):
        text = draw(st.sampled_from(["", "---\n"])) + "".join(_yaml(draw, comment, tree, 0))
    else:
        text = _json(draw, comment, format_id, tree)
    return text.replace("\n", "\r\n") if draw(st.integers(0, 3)) == 0 else text


@st.composite
def trees(draw: st.DrawFn, *, twice: bool) -> Pairs:
    """Pairs of names and values: scalars, lists, or such pairs again."""

    def pairs(ours: Pairs, level: int) -> Pairs:
        found = [pair for pair in ours if draw(st.booleans())]
        for name in draw(st.lists(foreign_names, max_size=3, unique=True)):
            found.append((name, pairs([], level + 1) if level < 2 and not draw(st.integers(0, 3)) else some()))
        if twice and found and not draw(st.integers(0, 4)):
            name, value = draw(st.sampled_from(found))
            found.append((name, value if isinstance(value, list | tuple) else draw(strings)))
        return draw(st.permutations(found))

    def some() -> object:
        return draw(scalars | st.lists(scalars, max_size=3).map(tuple))

    def items(name: str) -> tuple:
        ours = [[("id", "ours"), *pairs([("url", draw(strings))], 2)]] * draw(st.integers(0, 1 + twice))
        others = [[("id", name), *pairs([], 2)] for name in draw(st.lists(st.sampled_from("xyz"), max_size=2))]
        return tuple(draw(st.permutations([*ours, *others])))

    return pairs(
        [
            ("key", some()),
            ("env", pairs([("A", some()), ("B", draw(strings))], 1)),
            ("deep", pairs([("er", pairs([("C", some())], 2))], 1)),
            ("models", items("models")),
            ("items", items("items")),
        ],
        0,
    )


def _json(draw: st.DrawFn, comment: Callable[[], str], format_id: str, tree: object) -> str:
    commented = {"json": [], "yaml": ["#"]}.get(format_id, ["//", "/*"])
    step = draw(st.sampled_from(["", "  ", "\t", "    "])) if format_id != "yaml" else "  "

    def gap() -> str:
        kind = draw(st.sampled_from(["", "", "", *commented]))
        if kind == "/*":
            return f" /* {comment()} */ "
        return f" {kind} {comment()}\n" if kind else draw(st.sampled_from(["", "", " ", "\n"]))

    def written(value: object, level: int) -> str:
        if not isinstance(value, list | tuple):
            if format_id == "json5" and isinstance(value, str) and not draw(st.integers(0, 2)):
                return "'" + json.dumps(value)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
            return json.dumps(value)
        line = "\n" + step * level if step else ""
        inner = "\n" + step * (level + 1) if step else draw(st.sampled_from(["", " "]))
        parts: list[str] = []
        for item in value:
            head = ""
            if isinstance(value, list):
                name, item = item
                plain = format_id == "json5" and name.isidentifier() and draw(st.booleans())
                head = f"{name if plain else json.dumps(name)}: "
            parts.append(f"{gap()}{inner}{head}{written(item, level + 1)}{gap()}")
        comma = "," if parts and format_id in ("jsonc", "json5", "yaml") and draw(st.booleans()) else ""
        opening, closing = "{}" if isinstance(value, list) else "[]"
        return opening + ",".join(parts) + comma + (line + gap() if parts else gap()) + line * bool(parts) + closing

    return gap() + written(tree, 0) + gap()


def _yaml(draw: st.DrawFn, comment: Callable[[], str], tree: Pairs, column: int) -> list[str]:
    lines: list[str] = []

    def note() -> str:
        return f" # {comment()}" if not draw(st.integers(0, 3)) else ""

    def scalar(value: object) -> str:
        if isinstance(value, str) and value.isalpha() and value.isascii():
            return draw(st.sampled_from([value, f'"{value}"', f"'{value}'", f"|\n{' ' * (column + 4)}{value}"]))
        return json.dumps(value)

    def add(head: str, value: object) -> None:
        margin = " " * column
        if not draw(st.integers(0, 4)):
            lines.append(f"{' ' * draw(st.sampled_from([0, column]))}# {comment()}\n")
        if isinstance(value, list) and value and draw(st.integers(0, 3)):
            lines.append(f"{margin}{head}{note()}\n")
            lines.extend(_yaml(draw, comment, value, column + draw(st.sampled_from([1, 2, 4]))))
        elif isinstance(value, tuple) and value and draw(st.integers(0, 3)):
            lines.append(f"{margin}{head}{note()}\n")
            at = column + draw(st.sampled_from([0, 2]))
            for item in value:
                if isinstance(item, list) and item:
                    inner = "".join(_yaml(draw, comment, item, at + 2)).split("\n")
                    first = next(number for number, line in enumerate(inner) if not line.lstrip().startswith("#"))
                    inner[first] = " " * at + "- " + inner[first][at + 2 :]
                    lines.append("\n".join(inner))
                else:
                    lines.append(f"{' ' * at}- {flow(item)}{note()}\n")
        elif isinstance(value, list | tuple):
            lines.append(f"{margin}{head} {flow(value)}{note()}\n")
        else:
            written = scalar(value)
            lines.append(
                f"{margin}{head}{' ' * draw(st.integers(1, 3))}{written}{'' if chr(10) in written else note()}\n"
            )
        if not draw(st.integers(0, 5)):
            lines.append("\n")

    def flow(value: object) -> str:
        if isinstance(value, list):
            return "{" + ", ".join(f"{json.dumps(name)}: {flow(item)}" for name, item in value) + "}"
        if isinstance(value, tuple):
            return "[" + ", ".join(map(flow, value)) + "]"
        return json.dumps(value)

    for name, value in tree:
        plain = name.isalpha() and name != "on" and draw(st.booleans())
        add(f"{name if plain else json.dumps(name)}:", value)
    return lines


def _toml(draw: st.DrawFn, comment: Callable[[], str], tree: Pairs) -> str:
    def note() -> str:
        return f" # {comment()}" if not draw(st.integers(0, 3)) else ""

    def name_of(name: str) -> str:
        bare = name.isascii() and name.replace("-", "").isalnum()
        # tomlkit can't keep a list of tables whose name is spelt in two ways.
        is_ours = name in ("models", "items")
        return name if bare and (is_ours or draw(st.booleans())) else json.dumps(name, ensure_ascii=False)

    def inline(value: object) -> str:
        if isinstance(value, list):
            return "{ " + ", ".join(f"{name_of(name)} = {inline(item)}" for name, item in value) + " }"
        if isinstance(value, tuple):
            return "[" + ", ".join(map(inline, value)) + "]"
        if isinstance(value, str) and value and all(char.isalnum() or char in ' "\\' for char in value):
            return draw(st.sampled_from([f"'{value}'", json.dumps(value, ensure_ascii=False), f"'''\n{value}'''"]))
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    def lines_of(pairs: Pairs, names: tuple[str, ...], head: str) -> str:
        lines, tables = [head] if head else [], []
        for name, value in pairs:
            if not draw(st.integers(0, 4)):
                lines.append(f"# {comment()}\n")
            is_items = isinstance(value, tuple) and value and all(isinstance(item, list) for item in value)
            if isinstance(value, list) and draw(st.integers(0, 3)):
                header = f"[{'.'.join(map(name_of, (*names, name)))}]{note()}\n"
                tables.append(lines_of(value, (*names, name), "\n" * draw(st.integers(0, 1)) + header))
            elif is_items and draw(st.booleans()):
                header = ".".join(map(name_of, (*names, name)))
                tables += [lines_of(item, (*names, name), f"\n[[{header}]]{note()}\n") for item in value]
            else:
                equals = draw(st.sampled_from(["=", " = ", "  =  "]))
                lines.append(f"{name_of(name)}{equals}{inline(value)}{note()}\n")
        return "".join(lines + tables)

    return lines_of(tree, (), "")


def _dotenv(draw: st.DrawFn, comment: Callable[[], str]) -> str:
    lines: list[str] = []
    for name in draw(st.lists(st.sampled_from(["KEY", "TOKEN", "OTHER", "A.B", "BARE"]), max_size=6)):
        if name == "BARE":
            lines.append(draw(st.sampled_from(["", "BARE", f"# {comment()}", f"  # {comment()}"])))
            continue
        value = draw(
            st.sampled_from(["", "plain", "a b ", "'single'", "'two\nlines'", '"do\\"uble"', '"$X"', "a#b", "'it\\'s'"])
        )
        note = f" # {comment()}" if not draw(st.integers(0, 3)) else ""
        prefix, equals = draw(st.sampled_from(["", "export ", "  "])), draw(st.sampled_from(["=", " = "]))
        lines.append(f"{prefix}{name}{equals}{value}{note}")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
