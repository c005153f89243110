"""The table of profiles: what its rows read from disk, and as many columns as there is room for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from ccswitch_py.core.language import N_, _, join_list, labelled
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table, fit

if TYPE_CHECKING:
    from ccswitch_py.services.live_test.results import LastTest
    from ccswitch_py.services.status import TargetStatus


class ProfileRow(NamedTuple):
    """The cells of a profile; ``tested`` is a sign and an age, ``in_use`` the names of targets."""

    name: str
    provider: str = ""
    models: str = ""
    key: str = ""
    tested: str = ""
    in_use: str = ""
    is_broken: bool = False


class Column(NamedTuple):
    """A column of the table; in a narrow one those of low ``priority`` are left out first."""

    field: str
    title: str
    minimum: int
    maximum: int
    priority: int


COLUMNS = (
    Column("name", N_("name"), 16, 32, 9),
    Column("provider", N_("provider"), 8, 18, 5),
    Column("models", N_("models"), 14, 60, 4),
    Column("key", N_("key"), 8, 16, 3),
    Column("tested", N_("last test"), 12, 16, 8),
    Column("in_use", N_("in use"), 11, 24, 2),
)
_IN_USE_FIRST = 6
"""The priority of the last column if several profiles are in use: the sign does not tell where."""
_SIGN_WIDTH = 2
_GAP = 2
_COLUMNS_WITH_TITLES = 3


class ProfileTable(Table[str]):
    """Rows are names; ``update_rows`` adds the other cells as they are read."""

    DEFAULT_CSS = """
    ProfileTable {
        & > .table--header { text-style: bold; }
        & > .table--cursor { color: $foreground; background: $foreground 10%; }
        &:focus > .table--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "end(-1)", show=False), Binding("G", "end(1)", show=False)]

    def __init__(self, names: Sequence[str], *, empty: str) -> None:
        super().__init__(names, empty=empty)
        self._fields = ["name"]
        self._known: dict[str, ProfileRow] = {}
        self._widest: dict[str, int] = {}
        self._used: set[str] = set()
        self._measure({name: ProfileRow(name) for name in names})

    def update_rows(self, rows: Mapping[str, ProfileRow]) -> None:
        self._known.update(rows)
        self._used.difference_update(rows)
        self._used.update(name for name, row in rows.items() if row.in_use)
        self._measure(rows)
        self.lay_out()

    def columns(self, width: int) -> Sequence[FittedColumn]:
        fitted = fit_columns(width - _SIGN_WIDTH, self._widest, keeps_in_use=len(self._used) > 1)
        self._fields = [column.field for column, _cells in fitted]
        if len(fitted) < _COLUMNS_WITH_TITLES:
            return [FittedColumn("", cells + _SIGN_WIDTH * (not at)) for at, (_column, cells) in enumerate(fitted)]
        (name, name_width), *others = fitted
        first = FittedColumn(" " * _SIGN_WIDTH + _(name.title), _SIGN_WIDTH + name_width)
        return [first, *(FittedColumn(_(column.title), cells) for column, cells in others)]

    def cells(self, row: str) -> Sequence[Span]:
        known = self._known.get(row, ProfileRow(row))
        sign, style = ("!", "bad") if known.is_broken else ("●", "good") if known.in_use else (" ", "text")
        name, *others = [printable(str(getattr(known, field))) for field in self._fields]
        return [Span(f"{sign} {name}", style), *(Span(text, "quiet") for text in others)]

    def _measure(self, rows: Mapping[str, ProfileRow]) -> None:
        """Widen columns for these rows; narrower ones would jump while rows are read."""
        for column in COLUMNS:
            widest = max((cell_len(getattr(row, column.field)) for row in rows.values()), default=0)
            title = cell_len(_(column.title)) if widest else 0
            self._widest[column.field] = max(self._widest.get(column.field, 0), widest, title)


def fit_columns(width: int, widest: Mapping[str, int], *, keeps_in_use: bool = False) -> list[tuple[Column, int]]:
    """Choose the columns for ``width`` cells, each with its width; ``widest`` is the widest text of each.

    The name is always there; of the others those of highest priority, and none whose cells are all empty. With
    ``keeps_in_use`` the tools in which a profile is in use go before models and key.
    """
    first = {"in_use": _IN_USE_FIRST} if keeps_in_use else {}
    kept = [COLUMNS[0]]
    left = width - COLUMNS[0].minimum
    for column in sorted(COLUMNS[1:], key=lambda one: -first.get(one.field, one.priority)):
        need = min(column.minimum, widest.get(column.field, column.minimum)) + _GAP
        if widest.get(column.field) != 0 and need <= left:
            kept.append(column)
            left -= need
    widths = {column: min(column.minimum, widest.get(column.field, column.minimum)) for column in kept}
    left += COLUMNS[0].minimum - widths[COLUMNS[0]]
    growing = [column for column in kept if widths[column] < min(widest.get(column.field, 0), column.maximum)]
    while left > 0 and growing:
        for column in growing[:left]:
            widths[column] += 1
            left -= 1
        growing = [column for column in growing if widths[column] < min(widest[column.field], column.maximum)]
    return [(column, max(widths[column], 1)) for column in COLUMNS if column in widths]


def table_rows(paths: Paths, names: list[str], targets: Sequence[TargetStatus]) -> dict[str, ProfileRow]:
    """Read the rows of some profiles, by name; never asks the keyring."""
    from ccswitch_py.services.status import profile_rows

    in_use = {target.target: target.name for target in targets}
    return {row["name"]: _table_row(row, in_use) for row in profile_rows(paths, names, [*targets])}


def _table_row(row: dict[str, Any], target_names: Mapping[str, str]) -> ProfileRow:
    in_use = join_list(target_names[target] for target in row["active_in"])
    if "problem" in row:
        return ProfileRow(row["name"], tested=_("unusable"), in_use=in_use, is_broken=True)
    test: LastTest | None = row["last_test"]
    return ProfileRow(
        row["name"],
        row["provider"] or urlsplit(row["base_url"]).netloc,
        models_summary(row["roles"]),
        key_summary(row["key"]),
        f"{test.sign} {test.age}" if test else "",
        in_use,
    )


def models_summary(roles: Mapping[str, str]) -> str:
    """List the main model, and those of other roles that differ from it."""
    main = roles["main"]
    others = [f"{role} {model}" for role, model in roles.items() if model != main]
    return " · ".join([main, *others])


def key_summary(key: str | dict[str, Any]) -> str:
    """Tell whether there is a key, as far as known without asking a keyring or running a command."""
    match key:
        case {"env": str(variable)}:
            return f"${variable}" if os.environ.get(variable) else _("unset ${variable}", variable=variable)
        case {"command": [str(program), *_]}:
            return os.path.basename(program)
        case _:
            return _("stored")


class ToolState(NamedTuple):
    """A line on the tools in the same state; ``warns`` if they need attention."""

    sentence: str
    warns: bool
    tools: int


def tool_states(targets: Sequence[TargetStatus]) -> list[ToolState]:
    """Group the tools by the profile that they use and what is wrong with it; those that need attention are first."""
    groups: dict[tuple[_Kind, str], list[TargetStatus]] = {}
    for one in targets:
        groups.setdefault(_state_of(one), []).append(one)
    return [
        ToolState(_state_sentence(kind, value, tools), kind < _Kind.IN_USE, len(tools))
        for (kind, value), tools in sorted(groups.items(), key=lambda group: group[0][0])
    ]


def fit_states(states: Sequence[ToolState], width: int, rows: int) -> str:
    """Wrap the lines; of those for which there is no room count the tools at the end of the last row."""
    shown: list[str] = []
    left = [*states]
    while left and len(shown) < rows:
        wrapped = [line.plain for line in Content(left.pop(0).sentence).wrap(max(width, 1))]
        room = rows - len(shown)
        shown += wrapped[:room]
        if len(wrapped) > room:
            shown[-1] += "…"
    if left:
        more = "  " + _("+{count} more", count=sum(state.tools for state in left))
        shown[-1] = fit(shown[-1], max(width - cell_len(more), 0)) + more
    return "\n".join(shown)


class _Kind(IntEnum):
    """What state a tool is in, in the order of the lines."""

    UNREADABLE = 0
    OF_ANOTHER_HOME = 1
    UNRECORDED = 2
    CHANGED = 3
    EDITED = 4
    IN_USE = 5
    IDLE = 6


_STATES = {
    _Kind.OF_ANOTHER_HOME: N_("! {profile} of another ccswitch home"),
    _Kind.UNRECORDED: N_("! {profile}, whose record is missing"),
    _Kind.CHANGED: N_("! {profile}, changed by another program"),
    _Kind.EDITED: N_("! {profile}, an older version"),
    _Kind.IN_USE: "● {profile}",
}


def _state_of(target: TargetStatus) -> tuple[_Kind, str]:
    """Return the state, and the profile or the problem."""
    profile = printable(target.profile or "")
    if target.problem:
        return _Kind.UNREADABLE, printable(target.problem)
    if target.other_home:
        return _Kind.OF_ANOTHER_HOME, printable(target.unrecorded or "")
    if target.unrecorded:
        return _Kind.UNRECORDED, profile
    if target.changed_by_others:
        return _Kind.CHANGED, profile
    if target.edited_since:
        return _Kind.EDITED, profile
    return (_Kind.IN_USE, profile) if profile else (_Kind.IDLE, "")


def _state_sentence(kind: _Kind, value: str, targets: Sequence[TargetStatus]) -> str:
    tools = join_list(one.name for one in targets)
    if kind is _Kind.UNREADABLE:
        return f"! {labelled(tools, value)}"
    if kind is not _Kind.IDLE:
        return labelled(_(_STATES[kind], profile=value), tools)
    url = printable(targets[0].base_url or "")
    if len(targets) == 1 and url:
        return _("○ {tool} uses no profile; its settings call {url}.", tool=tools, url=url)
    return _("○ no profile: {tools}", tools=tools)
