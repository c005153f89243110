"""Validation messages, each in a line under its field."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static


class FieldErrors:
    """The messages of a form; a line is mounted when it is first needed, so that none delays the first paint."""

    def __init__(self, form: Widget) -> None:
        self._form = form
        self._lines: dict[str, Static] = {}

    def show(self, field_id: str, error: str) -> None:
        """Show the error of a field; an empty text clears it."""
        line = self._lines.get(field_id)
        if line is None:
            if not error:
                return
            line = self._lines[field_id] = Static(classes="hint error", markup=False)
            field = self._form.query_one(f"#{field_id}")
            (field.parent if isinstance(field.parent, Widget) else self._form).mount(line, after=field)
        line.update(f"✗ {error}" if error else "")
        line.display = bool(error)

    def text(self, field_id: str) -> str:
        """Return the error that is shown under a field."""
        line = self._lines.get(field_id)
        return str(line.content).removeprefix("✗ ") if line else ""
