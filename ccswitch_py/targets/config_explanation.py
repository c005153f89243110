"""The explanation of a tool with one configuration file: the entries that decide, and the variables that beat them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import N_, _, join_sentences
from ccswitch_py.core.paths import from_home
from ccswitch_py.formats.base import UnreadableText, path_text
from ccswitch_py.redact.key_patterns import is_secret_name
from ccswitch_py.redact.masking import mask_text
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.explanation import Entry, ExplainedPart, Explanation, Layer, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.targets.base import Target
    from ccswitch_py.targets.inspection import Inspection

_LABELS = {"address": N_("address"), "key": N_("key"), "model": N_("model")}
_MASKED = "••••"
_NOT_SET = N_("not set")


def explain(
    target: Target,
    inspection: Inspection,
    decisive: Mapping[str, EntryPath],
    beaten_by: Mapping[str, EntryPath],
    is_secret: Callable[[EntryPath, Value], bool],
) -> Explanation:
    """Explain a target by its first file and the environment; nothing is run or changed.

    ``decisive`` are the entries with ``address``, ``key`` and ``model``, ``beaten_by`` variables that go before them.
    """
    file = target.live_files(inspection.environ)[0]
    layer = Layer("user", _("its file"), in_force=True, path=file.path)
    state = inspection.live_state(target)
    text = state.content.text if state else None
    if state is None:
        layer.problem = _("It cannot be read.")
        layer.unread = True
    else:
        layer.entries = list(filter(None, (_entry(file, text, path, is_secret) for path in decisive.values())))
    shell = Layer("environment", _("this terminal"), in_force=True)
    shell.entries = [
        Entry(name, Secret(value), shown=_MASKED if is_secret_name(name) else mask_text(value))
        for name in beaten_by
        if (value := inspection.environ.get(name))
    ]
    parts = [_part(part, path, beaten_by, layer, shell) for part, path in decisive.items()]
    contents = {file: text}
    faults = [join_sentences(one.message, one.hint) for one in target.conflicts(inspection.environ, contents)]
    return Explanation(
        folder=inspection.folder,
        parts=parts,
        faults=[*([layer.problem] if layer.problem else []), *faults],
        notes=[],
        layers=[shell, layer],
        outcome=_("{tool} sends its requests to {address}.", tool=target.name, address=parts[0].value),
    )


def _entry(
    file: LiveFile, text: str | None, path: EntryPath, is_secret: Callable[[EntryPath, Value], bool]
) -> Entry | None:
    try:
        spans = file.format.spans(text or "", [path]).get(path)
    except UnreadableText:
        return None
    if text is None or not spans:
        return None
    start, end = spans[-1]
    value = file.format.load(path, text[start:end])
    line = text.count("\n", 0, start) + 1
    is_address = isinstance(value, str) and "://" in value
    shown = _MASKED if is_secret(path, value) and not is_address else _shown(value)
    return Entry(path_text(path), Secret(str(value)), line, shown=shown)


def _shown(value: Any) -> str:
    return mask_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _part(part: str, path: EntryPath, beaten_by: Mapping[str, EntryPath], layer: Layer, shell: Layer) -> ExplainedPart:
    in_file = [Setting(layer, entry) for entry in layer.entries if entry.name == path_text(path)]
    beats = [Setting(shell, entry) for entry in shell.entries if beaten_by[entry.name] == path]
    settings = [*beats, *in_file]
    winner = settings[0] if settings else None
    file = from_home(layer.path or "")
    why = _("A variable of the terminal overrides {file}.", file=file) if beats else ""
    value = winner.shown if winner else _(_NOT_SET)
    unread = layer if layer.unread and not beats else None
    return ExplainedPart(part, _(_LABELS[part]), value, winner, why, settings[1:], (), unread)
