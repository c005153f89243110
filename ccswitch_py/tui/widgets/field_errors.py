"""What is wrong with a field, in a line right under it."""

# Textual types the parent of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static


class ProblemLines:
    """The lines of all fields of a form; each is made when it is first needed, so that none delays the first paint."""

    def __init__(self, form: Widget) -> None:
        self._form = form
        self._lines: dict[str, Static] = {}

    def show(self, field_id: str, problem: str) -> None:
        """Say what is wrong with a field; nothing for an empty text."""
        line = self._lines.get(field_id)
        if line is None:
            if not problem:
                return
            line = self._lines[field_id] = Static(classes="hint wrong problem", markup=False)
            field = self._form.query_one(f"#{field_id}")
            (field.parent if isinstance(field.parent, Widget) else self._form).mount(line, after=field)
        line.update(f"✗ {problem}" if problem else "")
        line.display = bool(problem)

    def said(self, field_id: str) -> str:
        """What is said of a field now."""
        line = self._lines.get(field_id)
        return str(line.content).removeprefix("✗ ") if line else ""
