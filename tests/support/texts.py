"""Looks through the code for what a user can read: what is marked for translation, and what is not."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from ccswitch_py.core import errors
from ccswitch_py.vault import errors as troubles

PACKAGE = Path(__file__).resolve().parents[2] / "ccswitch_py"
MARKING = ("_", "ngettext", "N_")
ERRORS = {name for module in (errors, troubles) for name, value in vars(module).items() if isinstance(value, type)}
SHOWN_BY = {
    "print": None,
    "Result": (0,),
    "add_argument_group": (0,),
    "getpass": (0,),
    "Static": (0,),
    "Label": (0,),
    "Button": (0,),
    "Heading": (0,),
    "TextColumn": (0,),
    "notify": (0,),
    "SystemCommand": (0, 1),
    "Binding": (2,),
    "Command": (2, 3),
    "_say": (0,),
}
"""The calls that show their arguments: which of them, or all."""
SHOWN_KEYWORDS = {"placeholder", "description", "tooltip", "notes", "empty", "label"}
SHOWN_ATTRIBUTES = {"border_title", "border_subtitle", "sentence", "advice", "tooltip"}
STYLES = {"DEFAULT_CSS", "CSS"}
NO_WORDS = re.compile(r"\bccswitch\b|\{[\w.]+\}")
"""Our name, and the gaps of others' templates."""
WORD = re.compile(r"[^\W\d_]{2,}")
PROSE = re.compile(r"(?:^|\s)[a-zA-Z][a-z']*,? [a-z]+,? [a-z]{2,}")
"""Three words in a row."""


class Unmarked(NamedTuple):
    """A text that is shown as it stands."""

    module: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.text!r}"


class Marked(NamedTuple):
    """A call of ``_``, ``ngettext`` or ``N_``."""

    module: str
    call: ast.Call
    in_function: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.call.lineno}: {ast.unparse(self.call)}"

    @property
    def name(self) -> str:
        return called(self.call)

    @property
    def texts(self) -> list[ast.expr]:
        return self.call.args[: 2 if self.name == "ngettext" else 1]


def modules() -> list[str]:
    return sorted(file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py"))


def unmarked(module: str, *, allowed: Collection[str] = ()) -> list[Unmarked]:
    """What is shown to a user without being marked: by where it stands, and else if it reads like a sentence.

    ``allowed`` are texts that are for somebody else.
    """
    tree = _tree(module)
    found = [part for shown in _shown(tree, module) for part in _words_in(shown)]
    found += [part for part in _strings(tree) if PROSE.search(part.value)]
    return sorted({Unmarked(module, part.lineno, part.value) for part in found if part.value not in allowed})


def marked(module: str) -> Iterator[Marked]:
    yield from _marked(_tree(module), module, in_function=False)


def placeholders(text: str) -> set[str]:
    """The names between braces; a field without a name, or with more than one, is told as it is."""
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    }


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def _marked(node: ast.AST, module: str, *, in_function: bool) -> Iterator[Marked]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKING:
        yield Marked(module, node, in_function)
    inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _marked(child, module, in_function=inside)


def _shown(tree: ast.AST, module: str) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                yield from _shown_by(node, module)
            case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]) if name in SHOWN_ATTRIBUTES:
                yield node.value
            case _:
                pass


def _shown_by(call: ast.Call, module: str) -> Iterator[ast.expr]:
    name = called(call)
    if name in ERRORS or (name == "ValueError" and module.startswith("model/")):
        yield from call.args
    elif name in SHOWN_BY:
        which = SHOWN_BY[name]
        yield from (arg for at, arg in enumerate(call.args) if which is None or at in which)
    for keyword in call.keywords:
        if keyword.arg in SHOWN_KEYWORDS or (keyword.arg == "help" and name != "HelpScreen"):
            yield keyword.value


def _words_in(node: ast.expr) -> Iterator[ast.Constant]:
    """The words that this value is made of, without those that a call makes something else of."""
    match node:
        case ast.Constant(value=str(text)):
            if WORD.search(NO_WORDS.sub("", text)):
                yield node
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from _words_in(part)
        case ast.FormattedValue(value=value) | ast.Starred(value=value):
            yield from _words_in(value)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from _words_in(one)
            yield from _words_in(other)
        case _:
            pass


def _strings(node: ast.AST) -> Iterator[ast.Constant]:
    """All strings but documentation, styles, marked texts and what only a programmer can meet."""
    match node:
        case ast.Call() if called(node) in (*MARKING, "TypeError", "ValueError", "compile"):
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assign(targets=[ast.Name(id=name)]) if name in STYLES:
            return
        case ast.Dict(values=values):
            for value in values:
                yield from _strings(value)
            return
        case ast.Constant(value=str(text)) if not text.startswith("ccswitch "):
            yield node
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)
