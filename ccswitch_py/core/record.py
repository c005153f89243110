"""Immutable records for the quick commands, because importing ``dataclasses`` costs a third of Python's start.

The one mechanism for typed data on that path; elsewhere use ``dataclasses``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Self, dataclass_transform
else:

    def dataclass_transform(**_options):
        """Stand in for ``typing.dataclass_transform``, which only type checkers need."""
        return lambda decorated: decorated


@dataclass_transform(frozen_default=True)
class Record:
    """Base of a record: annotated class attributes become fields, in order, and values given to them are defaults.

    A default must be immutable: it is shared by all instances.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        own = [name for name in vars(cls).get("__annotations__", {}) if not name.startswith("_")]
        cls._fields = (*cls._fields, *own)

    def __init__(self, *values: Any, **named: Any) -> None:
        if not named and len(values) == len(self._fields):  # as nearly all are made, and a journal has hundreds
            self.__dict__.update(zip(self._fields, values, strict=True))
            return
        if len(values) > len(self._fields):
            raise TypeError(f"{type(self).__name__} takes {len(self._fields)} values, not {len(values)}")
        given = dict(zip(self._fields, values, strict=False))
        if wrong := [name for name in named if name in given or name not in self._fields]:
            raise TypeError(f"{type(self).__name__} cannot take {', '.join(wrong)}")
        self.__dict__.update(given, **named)
        if missing := [name for name in self._fields if not hasattr(self, name)]:
            raise TypeError(f"{type(self).__name__} needs {', '.join(missing)}")

    def replace(self, **changes: Any) -> Self:
        """A copy with other values for some fields."""
        return type(self)(**{name: getattr(self, name) for name in self._fields} | changes)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({shown})"

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields)
