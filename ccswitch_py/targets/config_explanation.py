"""The explanation of a tool with configuration files: the entries that decide, and the variables that override them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_list, join_sentences, ngettext
from ccswitch_py.formats.base import path_text
from ccswitch_py.live_files.live_state import LiveState, read_live_state
from ccswitch_py.model.doctor_finding import Finding
from ccswitch_py.model.launch import PASSED_KEY
from ccswitch_py.redact.key_patterns import is_secret_name
from ccswitch_py.redact.masking import mask_text
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.base import NO_KEY
from ccswitch_py.targets.explanation import Entry, ExplainedPart, Explanation, Layer, Setting, file_name
from ccswitch_py.targets.file_findings import changed_since
from ccswitch_py.targets.key_command_findings import find_fault, missing_key, values_of
from ccswitch_py.vault.key_command_line import PROGRAM, KeyCommand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.targets.config_file import ConfigFileTarget
    from ccswitch_py.targets.inspection import Inspection

_LABELS = {"address": N_("address"), "key": N_("key"), "model": N_("model")}
_MASKED = "••••"
_NOT_SET, _NOT_KNOWN = N_("not set"), N_("not known")
_OF_RUN = N_("variable {name} (set by `ccswitch run`)")


def explain(target: ConfigFileTarget, inspection: Inspection) -> Explanation:
    """Explain a target by its live files and the environment; nothing is run or changed."""
    return _Explainer(target, inspection).explanation()


@dataclass
class _Source:
    """A live file with its layer; without ``state``, it or its journal cannot be read."""

    file: LiveFile
    layer: Layer
    state: LiveState | None
    fault: str = ""

    def has(self, path: EntryPath) -> bool:
        return any(path[: len(owned)] == owned for owned in self.file.owned)


class _Explainer:
    def __init__(self, target: ConfigFileTarget, inspection: Inspection) -> None:
        self._target = target
        self._inspection = inspection
        self._environ = inspection.environ
        self._sources = [self._read(file) for file in target.live_files(inspection.environ)]
        self._shell = Layer("environment", _("this terminal"), in_force=True)
        state = self._sources[0].state
        self._profile = state.profile if state else None

    def explanation(self) -> Explanation:
        parts = [self._part(part, paths) for part, paths in self._deciding.items()]
        used = [one.layer for one in self._sources if one.layer.entries or one.fault] or [self._sources[0].layer]
        notes = list(self._notes())
        outcome = _("{tool} sends its requests to {address}.", tool=self._target.name, address=parts[0].value)
        if self._profile is None:
            outcome = _("{tool} is not set up: no profile is in use there.", tool=self._target.name)
        elif notes:
            outcome = _("{tool} may not use the profile '{name}'.", tool=self._target.name, name=self._profile)
        return Explanation(
            folder=self._inspection.folder,
            parts=parts,
            faults=[one.fault for one in self._sources if one.fault] or list(self._faults()),
            notes=notes,
            layers=[self._shell, *used],
            outcome=outcome,
        )

    def _read(self, file: LiveFile) -> _Source:
        layer = Layer("user", _("its file"), in_force=True, path=file.path)
        try:
            state = read_live_state(self._inspection.paths, self._target.id, file)
            state.recognise(self._target.find_ours)
        except CcswitchError as problem:
            layer.problem, layer.unread = problem.message, True
            return _Source(file, layer, None, join_sentences(problem.message, problem.hint))
        return _Source(file, layer, state)

    @cached_property
    def _deciding(self) -> Mapping[str, Sequence[EntryPath]]:
        return self._target.deciding_entries(self._value)

    def _value(self, path: EntryPath) -> Value:
        source = self._source_of(path)
        return source.state.value(path) if source.state else None

    def _source_of(self, path: EntryPath) -> _Source:
        return next((one for one in self._sources if one.has(path)), self._sources[0])

    @cached_property
    def _credentials(self) -> list[Value]:
        return [value for path in self._deciding["key"] if (value := self._value(path))]

    def _part(self, part: str, paths: Sequence[EntryPath]) -> ExplainedPart:
        settings = [*self._in_environment(part), *filter(None, (self._in_file(part, path) for path in paths))]
        winner = settings[0] if settings else None
        variable = self._target.variables_first.get(part)
        unread = None
        if winner:
            value = winner.shown
        elif blocked := next((one.layer for one in map(self._source_of, paths) if one.fault), None):
            unread, value = blocked, _(_NOT_KNOWN)
        else:
            is_of_run = variable is not None and self._profile is not None and not paths
            value = _(_OF_RUN, name=variable) if is_of_run else _(_NOT_SET)
        if unread:
            why = _("{file} may set it, but ccswitch cannot read it.", file=file_name(unread.path or ""))
        elif winner and winner.layer is self._shell and settings[1:]:
            why = _("A variable of the terminal overrides {file}.", file=file_name(settings[1].layer.path or ""))
        else:
            why = ""
        return ExplainedPart(part, _(_LABELS[part]), value, winner, why, settings[1:], (), unread)

    def _in_environment(self, part: str) -> Iterator[Setting]:
        name = self._target.variables_first.get(part, "")
        if value := self._environ.get(name):
            entry = Entry(name, Secret(value), shown=_MASKED if is_secret_name(name) else mask_text(value))
            self._shell.entries.append(entry)
            yield Setting(self._shell, entry)

    def _in_file(self, part: str, path: EntryPath) -> Setting | None:
        source, value = self._source_of(path), self._value(path)
        if not value or source.state is None:
            return None
        text = source.state.content.text or ""
        start, _end = source.file.format.spans(text, [path])[path][-1]
        shown = self._shown_key(path, value) if part == "key" else _shown(value)
        entry = Entry(path_text(path), Secret(str(value)), text.count("\n", 0, start) + 1, shown=shown)
        source.layer.entries.append(entry)
        return Setting(source.layer, entry)

    def _shown_key(self, path: EntryPath, value: Value) -> str:
        if command := KeyCommand.find(value):
            return _("command: {command}", command=f"{PROGRAM} {command.profile}")
        if variable := _passed_variable(value):
            if self._environ.get(variable):
                return _("variable {name} (set in this terminal)", name=variable)
            return _(_OF_RUN, name=variable)
        return _MASKED if self._target.is_secret(path, value) else _shown(value)

    def _faults(self) -> Iterator[str]:
        if self._profile is None:
            return
        contents = {one.file: one.state.content.text for one in self._sources[:1] if one.state}
        for conflict in self._target.conflicts(self._environ, contents):
            yield join_sentences(conflict.message, conflict.hint)
        yield from self._key_faults()
        start = _(
            "Start it with `ccswitch run {name} --target {target} -- {program}`.",
            name=self._profile,
            target=self._target.id,
            program=self._target.program,
        )
        named: list[str] = [name for name in map(_passed_variable, self._credentials) if name]
        variable = named[0] if named else ""
        outside = [name for part, name in self._target.variables_first.items() if not self._deciding[part]]
        if unset := [name for name in outside if not self._environ.get(name)]:
            text = ngettext(
                "{names} is not set in this terminal, so {tool} would not use the profile.",
                "{names} are not set in this terminal, so {tool} would not use the profile.",
                len(unset),
                names=join_list(unset),
                tool=self._target.name,
            )
            yield join_sentences(text, start)
        elif variable and not self._environ.get(variable):
            text = _(
                "{variable} is not set in this terminal, so the gateway would refuse what {tool} sends (401).",
                variable=variable,
                tool=self._target.name,
            )
            yield join_sentences(text, start)

    def _key_faults(self) -> Iterator[str]:
        command = next(filter(None, map(KeyCommand.find, self._credentials)), None)
        if command is None:
            return
        if kind := find_fault(self._inspection, command, start=False):
            finding = Finding(kind, values_of(self._target, command))
            yield join_sentences(finding.sentence, finding.fix)
        elif (record := self._inspection.record_of(command)) and (
            missing := missing_key(record, self._inspection.paths, self._environ)
        ):
            yield missing

    def _notes(self) -> Iterator[str]:
        for source in self._sources:
            if source.state and self._profile and (finding := changed_since(self._target, source.state, self._profile)):
                yield join_sentences(finding.sentence, finding.fix)


def _passed_variable(value: Value) -> str:
    """The variable that ``ccswitch run`` sets and a credential names, or the placeholder that it replaces; or ""."""
    if value == NO_KEY:
        return PASSED_KEY
    found = re.search(rf"{PASSED_KEY}\w*", json.dumps(value))
    return found[0] if found else ""


def _shown(value: Any) -> str:
    match value:
        case str():
            return mask_text(value)
        case list() if all(isinstance(one, str) for one in value):  # pyright: ignore[reportUnknownVariableType]
            return mask_text(join_list(value))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return mask_text(json.dumps(value, ensure_ascii=False))
