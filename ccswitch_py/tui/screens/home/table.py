"""The table of profiles: what its rows read from disk, and as many columns as there is room for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from ccswitch_py.core.language import N_, _, join_list, labelled
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table

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
        self._measure({name: ProfileRow(name) for name in names})

    def update_rows(self, rows: Mapping[str, ProfileRow]) -> None:
        self._known.update(rows)
        self._measure(rows)
        self.lay_out()

    def columns(self, width: int) -> Sequence[FittedColumn]:
        fitted = fit_columns(width - _SIGN_WIDTH, self._widest)
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


def fit_columns(width: int, widest: Mapping[str, int]) -> list[tuple[Column, int]]:
    """Choose the columns for ``width`` cells, each with its width; ``widest`` is the widest text of each.

    The name is always there; of the others those of highest priority, and none whose cells are all empty.
    """
    kept = [COLUMNS[0]]
    left = width - COLUMNS[0].minimum
    for column in sorted(COLUMNS[1:], key=lambda one: -one.priority):
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


def state_sentence(targets: Sequence[TargetStatus]) -> tuple[str, bool]:
    """Return a line for each tool, those without a profile together, and whether one needs attention."""
    idle = [one for one in targets if not (one.problem or one.profile or one.unrecorded)]
    states = [_target_state(one) for one in targets if one not in idle or len(idle) == 1]
    if len(idle) > 1:
        states.append((_("○ {tools} use no profile.", tools=join_list(one.name for one in idle)), False))
    states.sort(key=lambda state: not state[1])
    return "\n".join(sentence for sentence, _warns in states), any(warns for _sentence, warns in states)


def _target_state(target: TargetStatus) -> tuple[str, bool]:
    tool, profile, url = target.name, printable(target.profile or ""), printable(target.base_url or "")
    if target.problem:
        return f"! {labelled(tool, printable(target.problem))}", True
    if target.other_home:
        name = printable(target.unrecorded or "")
        return _("! {tool} uses {profile} of another ccswitch home.", tool=tool, profile=name), True
    if target.unrecorded:
        return _("! {tool} uses {profile}, but its record is missing.", tool=tool, profile=profile), True
    if not profile:
        calls = _("○ {tool} uses no profile; its settings call {url}.", tool=tool, url=url)
        return calls if url else _("○ {tool} uses no profile.", tool=tool), False
    if target.changed_by_others:
        return _("! {tool} uses {profile}, but another program has changed it.", tool=tool, profile=profile), True
    if target.edited_since:
        return _("! {tool} uses an older version of {profile}.", tool=tool, profile=profile), True
    return _("● {tool} uses {profile}.", tool=tool, profile=profile), False
