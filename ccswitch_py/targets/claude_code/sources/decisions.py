"""Which settings decide what Claude Code sends, or whether it starts, beside those that ``precedence`` follows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, cast

from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.targets.claude_code.deciding import (
    Deciding,
    deciding,
    is_unknown_variable,
    known_variables,
    named_model,
)
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import possible_settings, resolve_model, settings_of
from ccswitch_py.targets.explanation import Layer, Setting

_LONGEST_HEADER = 16_384
_SAME = "inherit"


class Decision(NamedTuple):
    """The place that counts, and what it decides."""

    setting: Setting
    row: Deciding

    @property
    def is_certain(self) -> bool:
        """Whether it decides as it stands, and not only may."""
        return self.row.when != "may"


def find_decisions(layers: Sequence[Layer], agent_folders: Sequence[str]) -> list[Decision]:
    """All that have an effect, or can have one; an agent is looked for in these folders."""
    return [one for one in _set_to_something(layers) if _has_effect(layers, one, agent_folders)]


def later_decisions(layers: Sequence[Layer], agent_folders: Sequence[str]) -> Iterator[Decision]:
    """Those of start files, for the terminals that are opened later; a value that is not known may decide."""
    for row in deciding().values():
        stronger = (place.layer.kind for place in settings_of(layers, row.name))
        if not _counts(row, LayerKind.PROCESS) or any(
            _counts(row, kind) for kind in stronger if kind != LayerKind.PROCESS
        ):
            continue
        places = (*settings_of(layers, row.name, in_force=False), *possible_settings(layers, row.name))
        for found in (Decision(place, row) for place in places if not place.entry.removes):
            is_on = row.is_on(found.setting.text) and _has_effect(layers, found, agent_folders)
            if found.setting.entry.value is None or is_on:
                yield found


def unknown_settings(layers: Sequence[Layer]) -> list[Setting]:
    """The variables of Claude Code that are not among those of the measured version."""
    known = known_variables()
    first: dict[str, Setting] = {}
    for layer in layers:
        for entry in reversed(layer.entries) if layer.in_force else ():
            first.setdefault(entry.name, Setting(layer, entry))
    return [place for name, place in first.items() if is_unknown_variable(name, known) and place.text]


def agent_model(name: str, folders: Sequence[str]) -> str | None:
    """The model that an agent names; None where it has none of its own, or is not found."""
    for folder in folders:
        for _path, fields in definitions(folder):
            if fields.get("name") == name:
                model = fields.get("model")
                return None if model == _SAME else model
    return None


def definitions(folder: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each agent or skill of a folder with its name and its model, as far as it has them."""
    for path in islice(_files(folder), _MOST):
        try:
            text = read_text(path)
        except UnreadableFile:
            continue
        yield path, _header(text or "")


def _files(folder: str) -> Iterator[str]:
    """The files of definitions, also those of subfolders (measured for agents); a skill is one named SKILL.md."""
    of_skills = os.path.basename(folder) == "skills"
    for top, folders, names in os.walk(folder):
        folders.sort()
        yield from (
            os.path.join(top, name) for name in sorted(names) if name.endswith("SKILL.md" if of_skills else ".md")
        )


def _header(text: str) -> dict[str, str]:
    """The texts of a definition's YAML header, by their names; none where there is no header."""
    begin = text.find("\n") + 1
    end = text.find("\n---", begin - 1)
    if text[:begin].strip() != "---" or not 0 <= end - begin <= _LONGEST_HEADER:
        return {}
    import yaml

    try:
        found: object = yaml.safe_load(text[begin:end])
    except (yaml.YAMLError, RecursionError):
        return {}
    fields = cast("dict[object, object]", found) if isinstance(found, dict) else {}
    return {str(name): value for name, value in fields.items() if isinstance(value, str)}


_SHORT_MS = 10_000
"""A shorter time limit for a request is too short for many gateways."""
_MOST = 500
"""Files of a folder that are looked into."""


def _set_to_something(layers: Sequence[Layer]) -> Iterator[Decision]:
    for row in deciding().values():
        places = [place for place in settings_of(layers, row.name) if _counts(row, place.layer.kind)]
        if places and row.is_on(places[0].text):
            yield Decision(places[0], row)


def _counts(row: Deciding, kind: str) -> bool:
    """Whether Claude Code reads it from a layer of this kind."""
    match row.layers:
        case "process":
            return kind == LayerKind.PROCESS
        case "managed":
            return kind == LayerKind.MANAGED
        case "files":
            return kind not in (LayerKind.PROCESS, *OF_PROJECT)
        case "foreign":
            return kind == LayerKind.PROCESS or kind in OF_PROJECT
        case "own":
            return kind not in OF_PROJECT
        case _:
            return True


def _has_effect(layers: Sequence[Layer], found: Decision, agent_folders: Sequence[str]) -> bool:
    match found.row.name:
        case "availableModels":
            return not _is_listed(resolve_model(layers, "main").winner, found.setting.text)
        case "agent":
            return agent_model(found.setting.text, agent_folders) is not None
        case "https_proxy" | "HTTPS_PROXY" | "http_proxy" | "HTTP_PROXY":
            return "://" not in found.setting.text
        case "API_TIMEOUT_MS":
            return found.setting.text[:9].isdigit() and int(found.setting.text[:9]) < _SHORT_MS
        case "CLAUDE_CODE_EXTRA_BODY":
            return named_model(found.setting.text) is not None
        case _:
            return True


def _is_listed(model: Setting | None, listed: str) -> bool:
    """Whether a list of models has this one, or there is none that it could leave out."""
    if model is None:
        return True
    try:
        models: Any = json.loads(listed)
    except (ValueError, RecursionError):
        return False
    return _plain(model.text) in {_plain(str(one)) for one in models}


def _plain(model: str) -> str:
    return model.strip().lower().removesuffix("[1m]")
