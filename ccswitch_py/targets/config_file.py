"""What most targets are: a tool with one configuration file, or one that takes everything from its environment."""

from __future__ import annotations

import os
from abc import abstractmethod

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import UnreadableFile, read_data
from ccswitch_py.core.language import _, join_list
from ccswitch_py.core.paths import from_home, upwards
from ccswitch_py.core.record import Record
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText, path_text
from ccswitch_py.live_files.live_file import ANY_HOME, LiveFile
from ccswitch_py.model.launch import PASSED_KEY
from ccswitch_py.redact.key_patterns import is_secret_name
from ccswitch_py.targets.base import NO_KEY, Conflict, Ours, RequestShape, RunSpec, Target
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from pydantic import BaseModel

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import AuthScheme, Protocol
    from ccswitch_py.targets.base import Contents, Environment, Examination, Plan, Values
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

PROVIDER_ID = "ccswitch"
"""The name of our provider in every tool: one that never changes, because tools file sessions under it."""

BEARER: frozenset[AuthScheme] = frozenset({"both", "bearer"})
X_API_KEY: frozenset[AuthScheme] = frozenset({"both", "x-api-key"})
ANY_HEADER: frozenset[AuthScheme] = frozenset({"both", "bearer", "x-api-key"})
GOOGLE_KEY: frozenset[AuthScheme] = frozenset({"both", "x-goog-api-key"})

STALE_VARIABLES: Mapping[Protocol, tuple[str, ...]] = {
    "messages": ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
    "responses": ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "chat": ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_BASE"),
}
"""What the SDKs of each protocol read: unset, so that a shell's key never reaches our address, nor ours the shell's."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""Variables through which a tool's requests go another way; each is read in lower case too."""

_PATHS: Mapping[Protocol, str] = {
    "messages": "/v1/messages",
    "responses": "/responses",
    "chat": "/chat/completions",
    "gemini": "/v1beta/models",
}
_REFERENCES = (f"{PROVIDER_ID}/", f"{PROVIDER_ID},", f"{PROVIDER_ID} ", f"custom:{PROVIDER_ID}-")
_LABEL_END = " (ccswitch)"
_REFERENCE_MARKS = (("${{", "}}"), ("${", "}"), ("{env:", "}"), ("{file:", "}"), ("$", ""))
_KEYS_OF_REFERENCE = {"source", "provider", "id"}
_SENT = ("header", "param", "body", "request", "client", "env")
"""In the names of tables whose texts a tool sends, or gives to a program: any of them may be a secret."""
_ADDRESSES = ("url", "api", "base", "endpoint", "address", "host")


class Credential(Record):
    """How the key reaches the tool; exactly one of the three is set."""

    command: tuple[str, ...] = ()
    variable: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Credential({'command' if self.command else self.variable or 'key'})"


class ConfigFileTarget(Target):
    """A target with one live file.

    ``owned`` names single values, not tables, where a key may stand among them: a key goes into the keyring alone.
    ``label`` has the name that the tool shows for our provider, by which a profile is recognised. ``address``,
    ``credentials`` and ``model`` are where the tool finds its address, its key (the first entry that is set) and its
    default model, for ``explain`` and ``status``; ``variables_first`` are variables that go before these, by
    ``address``, ``key`` or ``model``. ``stale`` are variables of a shell that must not reach the tool, beside those of
    the protocol. ``key_files`` are files beside the live file in which the tool keeps keys, or lets users keep them,
    for the doctor. ``volatile``, ``empty`` and ``whole`` are those of the ``LiveFile``. ``commands`` are how a text
    begins that the tool runs for a key.
    """

    format_id = "json"
    mode = "additive"
    owned: tuple[EntryPath, ...]
    label: EntryPath
    address: EntryPath
    credentials: tuple[EntryPath, ...]
    model: EntryPath
    variables_first: Mapping[str, str] = {}
    stale: tuple[str, ...] = ()
    key_files: tuple[str, ...] = ()
    volatile: tuple[EntryPath, ...] = ()
    empty = ""
    whole: tuple[EntryPath, ...] = ()
    commands: tuple[str, ...] = ()

    @abstractmethod
    def path(self, env: Environment) -> str:
        """The file that the tool reads."""

    @abstractmethod
    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        """Return what a profile writes."""

    def overrides(self, launch: Launch, entries: Mapping[EntryPath, Value]) -> tuple[Sequence[str], Mapping[str, str]]:
        """The arguments and variables that give one process these entries, whatever the file has.

        Raises ``BadInput`` for a tool that takes them from its file alone.
        """
        raise self.needs_its_file(launch)

    def needs_its_file(self, launch: Launch) -> BadInput:
        """The error for a profile that ``ccswitch run`` cannot start the tool with, because its file has another."""
        return BadInput(
            _("{tool} reads its provider only from its file, which another profile is using.", tool=self.name),
            _("Run `ccswitch use {name} --target {target}` first.", name=launch.profile, target=self.id),
        )

    def live_files(self, env: Environment) -> tuple[LiveFile, ...]:
        return (
            LiveFile(
                self.path(env),
                self.owned,
                self.format_id,
                is_secret=self.is_secret,
                volatile=self.volatile,
                empty=self.empty,
                whole=self.whole,
                refers_to_ours=refers_to_ours,
            ),
        )

    def is_secret(self, path: EntryPath, value: Value) -> bool:
        """Whether an owned entry has a key in plaintext."""
        return is_key(path, value, self.commands)

    def options_model(self) -> type[BaseModel] | None:
        from ccswitch_py.targets.options import ToolOptions

        return ToolOptions

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        return {self.live_files(env)[0]: self.entries(launch, self._credential(launch, key))}

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """The tool with our entries, and without variables for other providers."""
        file = self.live_files(env)[0]
        credential = self._credential(launch, None)
        entries = self.entries(launch, credential)
        arguments: Sequence[str] = ()
        variables: Mapping[str, str] = {}
        if any(current(file, path) != value for path, value in entries.items() if path not in self.volatile):
            arguments, variables = self.overrides(launch, entries)
        stale = (*STALE_VARIABLES[launch.protocol], *self.stale)
        variable = launch.passed_variable if launch.delivery == "environment" else ""
        return RunSpec((self.program, *arguments), variables, variable, stale, needs_environment=True)

    def redirections(self, env: Environment) -> list[Conflict]:
        """What the files of a project set against even ``run_spec``: where requests go, or which provider is used."""
        return []

    def files_overriding(self, files: Iterable[str], entries: Sequence[EntryPath], env: Environment) -> list[Conflict]:
        """Those of the files that set any of the entries; the tool's own file is none of them."""
        texts = {path: read_text(path) for path in files if path != self.path(env)}
        found = {path: values_in(text, self.format_id, entries) for path, text in texts.items() if text}
        return [overriding(path, values, self.name) for path, values in found.items() if values]

    def run_conflicts(self, launch: Launch, env: Environment) -> list[Conflict]:
        return [conflict.replace(blocking=True) for conflict in self.redirections(env)]

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        return self.redirections(env)

    def request(self, launch: Launch) -> RequestShape:
        return sdk_request(launch, self.key_headers(launch))

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """The headers with the key."""
        return sdk_headers(launch)

    def find_label(self, value: Callable[[EntryPath], Value]) -> Value:
        """The name that our provider has in the tool, in these entries."""
        return value(self.label)

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The profile that the label names, and all that is set of what we own."""
        profile = profile_of(self.find_label(value))
        if profile is None:
            return None
        command = super().find_ours(file, value)
        entries = tuple(path for path in self.owned if value(path) is not None)
        return Ours(profile, command.state if command else ANY_HOME, entries)

    def find_ours_in(self, path: str, entries: tuple[EntryPath, ...]) -> Ours | None:
        """The profile in the live file at ``path``, as the owner of these ``entries`` of another file."""
        values = values_in(read_text(path), self.format_id, self.owned)
        ours = ConfigFileTarget.find_ours(self, self.live_files({})[0], values.get)
        return ours and ours.replace(entries=entries)

    def base_url(self, current: Values, env: Environment) -> str | None:
        return shown_address(current(self.live_files(env)[0], self.address))

    def deciding_entries(self, value: Callable[[EntryPath], Value]) -> Mapping[str, Sequence[EntryPath]]:
        """The entries that may have ``address``, ``key`` and ``model``, for each the first that is set decides."""
        return {"address": (self.address,), "key": self.credentials, "model": (self.model,)}

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation | None:
        """Which file and line decide address, key and model, and which variables override them."""
        from ccswitch_py.targets.config_explanation import explain

        return explain(self, inspection)

    def find_key_files(self, env: Environment) -> Sequence[str]:
        """The paths of the ``key_files``."""
        return [os.path.join(os.path.dirname(self.path(env)), name) for name in self.key_files]

    def examinations(self, inspection: Inspection) -> Mapping[str, Examination]:
        """Its files, its key command, and keys in plaintext."""
        from functools import partial

        from ccswitch_py.targets.file_findings import examine

        return {self.id: partial(examine, self, inspection, self.find_key_files(inspection.environ))}

    def _credential(self, launch: Launch, key: str | None) -> Credential:
        if key is not None:
            return Credential(key=key)
        if launch.delivery == "command":
            return Credential(command=tuple(key_command(launch).argv()))
        return Credential(variable=launch.passed_variable)


class EnvironmentTarget(Target):
    """A target without a live file: only ``ccswitch run`` and ``env`` set it up."""

    mode = "exclusive"
    settings_name = ""

    def live_files(self, env: Environment) -> tuple[()]:
        return ()

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        return {}

    def request(self, launch: Launch) -> RequestShape:
        return sdk_request(launch)


def sdk_headers(launch: Launch) -> tuple[str, ...]:
    """The headers in which a protocol's SDK sends the key: for Messages ``x-api-key``, unless only bearer works."""
    if launch.protocol == "gemini":
        return ("x-goog-api-key",)
    is_bearer = launch.auth == "bearer" or launch.bearer_only
    return ("x-api-key",) if launch.protocol == "messages" and not is_bearer else ("Authorization",)


def sdk_request(launch: Launch, names: tuple[str, ...] = ()) -> RequestShape:
    """A request as the protocol's SDK sends it, with the key in these headers (none: those of the SDK)."""
    sent = names or sdk_headers(launch)

    def headers(key: str) -> list[tuple[str, str]]:
        return [(name, f"Bearer {key}" if name == "Authorization" else key) for name in sent]

    return RequestShape(launch.protocol, _PATHS[launch.protocol], headers, {})


def key_command(launch: Launch) -> KeyCommand:
    """The command that prints the profile's key."""
    return KeyCommand(launch.python, launch.profile, launch.state)


def label_of(launch: Launch) -> str:
    """What the tool shows as the name of our provider."""
    return f"{launch.profile}{_LABEL_END}"


def profile_of(label: Value) -> str | None:
    """The profile that ``label_of`` named; None for a name that is not ours."""
    return label.removesuffix(_LABEL_END) if isinstance(label, str) and label.endswith(_LABEL_END) else None


def shown_address(value: Value) -> str | None:
    """An address in a file, with what may be a secret in it masked; None where there is no text."""
    if not isinstance(value, str):
        return None
    from ccswitch_py.redact.masking import mask_url

    return mask_url(value)


def refers_to_ours(value: Value) -> bool:
    """Whether an entry names our provider, or a model of it, in the way of any of the tools."""
    return isinstance(value, str) and (value == PROVIDER_ID or value.startswith(_REFERENCES))


def is_key(path: EntryPath, value: Value, commands: tuple[str, ...] = ()) -> bool:
    """Whether an entry may have a secret in plaintext, itself or within: in doubt, it has.

    That is a text under the name of a secret, a text in a table of what is sent with a request, and an address with a
    login or parameters. A reference to a secret is none: a variable, a file, a key command of ours, and what begins as
    one of ``commands`` (those that the tool runs).
    """
    if KeyCommand.find(value):
        return False
    return _may_be_secret(str(path[-1]), value, commands, is_sent=False)


def _may_be_secret(name: str, value: Value, commands: tuple[str, ...], *, is_sent: bool) -> bool:
    is_sent = is_sent or is_secret_name(name)
    if isinstance(value, dict):
        if value.keys() <= _KEYS_OF_REFERENCE and "source" in value:
            return False
        is_sent = is_sent or any(word in name.lower() for word in _SENT)
        return any(_may_be_secret(inner, at, commands, is_sent=is_sent) for inner, at in value.items())
    if isinstance(value, list):
        return any(_may_be_secret(name, at, commands, is_sent=is_sent) for at in value)
    if not isinstance(value, str) or value in ("", NO_KEY) or value.startswith(PASSED_KEY):
        return False
    if is_sent:
        return not _is_reference(value.removeprefix("Bearer "), commands)
    is_address = "://" in value or any(word in name.lower() for word in _ADDRESSES)
    return is_address and any(sign in value for sign in "?@#")


def _is_reference(text: str, commands: tuple[str, ...]) -> bool:
    if text.startswith(commands) and commands:
        return True
    start, end = next((marks for marks in _REFERENCE_MARKS if text.startswith(marks[0])), ("", ""))
    inner = text.removeprefix(start).removesuffix(end).strip()
    is_file = start == "{file:"
    return bool(start) and text.endswith(end) and (is_file or inner.removeprefix("secrets.").isidentifier())


def limits_of(launch: Launch, model: str) -> tuple[int | None, int | None]:
    """The context window and the output limit of a model, in tokens, as far as they are known."""
    window, output = launch.context_windows.get(model), launch.output_limits.get(model)
    if model == launch.models["main"]:
        window = launch.options.get("context_window", window)
        output = launch.options.get("max_output_tokens", output)
    return window, output


def read_text(path: str) -> str:
    """The text of a file that only a warning depends on; empty if it cannot be read."""
    try:
        return (read_data(path) or b"").decode("utf-8-sig", "replace")
    except UnreadableFile:
        return ""


def in_project(*names: str) -> str:
    """The path of a file below the current folder; empty if that folder was deleted."""
    try:
        return os.path.abspath(os.path.join(*names))
    except FileNotFoundError:
        return ""


def _folders_above() -> Iterable[str]:
    here = in_project("")
    return upwards(here) if here else ()


def project_folders() -> list[str]:
    """The current folder and those above it, up to the root of its repository; none if it was deleted."""
    folders: list[str] = []
    for folder in _folders_above():
        folders.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            return folders
    return folders


def nearest_dotenv(names: Sequence[str], env: Environment) -> str:
    """The first of the files with variables from the current folder up to the home folder; "" for none.

    One in the home folder is the user's own.
    """
    for folder in _folders_above():
        if folder == env.get("HOME"):
            break
        for name in names:
            if os.path.exists(path := os.path.join(folder, name)):
                return path
    return ""


def overriding_variables(path: str, names: Iterable[str], tool: str) -> list[Conflict]:
    """Which of the variables a ``.env`` file sets, whichever of its dialects the tool reads."""
    lines = (line.strip().removeprefix("export ").lstrip() for line in read_text(path).splitlines())
    there = {line.replace(":", "=").partition("=")[0].strip("'\" \t") for line in lines}
    found = [(name,) for name in names if name in there]
    return [overriding(path, found, tool)] if found else []


def both_cases(names: Iterable[str]) -> list[str]:
    """Each name as it is and in lower case."""
    return [spelling for name in names for spelling in (name, name.lower())]


def values_in(text: str, format_id: str, paths: Sequence[EntryPath]) -> dict[EntryPath, Any]:
    """The entries that are in a text; none if it cannot be read."""
    fmt = find_format(format_id)
    try:
        return {path: fmt.load(path, text[slice(*spans[-1])]) for path, spans in fmt.spans(text, paths).items()}
    except UnreadableText:
        return {}


def overriding(file: str, paths: Iterable[EntryPath], tool: str) -> Conflict:
    """The conflict with a file of higher precedence, or a variable, that sets our entries."""
    names = join_list(map(path_text, paths))
    text = _(
        "{file} sets {names}, which overrides the profile in {tool}.", file=from_home(file), names=names, tool=tool
    )
    return Conflict(text, _("Remove it there."))


def used_models(launch: Launch) -> list[str]:
    """The ids of the profile's models, each once, the main one first."""
    return list(dict.fromkeys(launch.models.values()))
