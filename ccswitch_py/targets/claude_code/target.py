"""Claude Code: the entries of its settings.json that we own, and what a profile writes there.

Measured with Claude Code 2.1.197 and 2.1.330 against a gateway on loopback.
"""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import _, join_list
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.targets.base import LAUNCH_FILE, Conflict, RealClient, RequestShape, RunSpec, Target
from ccswitch_py.targets.claude_code.overrides import overrides
from ccswitch_py.targets.claude_code.owned_entries import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CONTEXT_WINDOW,
    CUSTOM_HEADERS,
    GATEWAY_VARIABLES,
    HELPER,
    LEFT_OUT,
    OWN_VARIABLES,
    OWNED,
    REMOVED,
    ROLE_VARIABLES,
    UNUSED,
    is_secret,
    parse_headers,
    switches_of,
)
from ccswitch_py.targets.claude_code.settings import (
    SETTINGS,
    as_text,
    is_object,
    managed_files,
    parse_settings,
    read_settings,
    user_settings_file,
    variables_of,
)
from ccswitch_py.targets.claude_code.state_overrides import state_overrides
from ccswitch_py.targets.claude_code.variables import CLOUDS, HOST_MANAGED, clouds_on
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import Ours
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.probe.client_shape import ClientShape
    from ccswitch_py.targets.base import Contents, Environment, Examination, Plan, Values
    from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

    Settings = dict[str, Any]

UNKNOWN_WINDOW = 200_000
"""Context window, in tokens, of a model for which the catalogue has none."""


class ClaudeCode(Target):
    """Anthropic's Claude Code, through the user's settings.json."""

    id = "claude-code"
    name = "Claude Code"
    program = "claude"
    protocols = {"messages": frozenset({"both", "bearer", "x-api-key"})}  # noqa: RUF012
    deliveries = ("command", "plaintext")
    roles = ("main", "haiku", "sonnet", "opus")
    mode = "exclusive"
    settings_name = SETTINGS

    def live_files(self, env: Environment) -> tuple[LiveFile]:
        """The user's settings."""
        return (LiveFile(user_settings_file(env), OWNED, "json", LEFT_OUT, is_secret),)

    def options_model(self) -> type[ClaudeCodeOptions]:
        """Headers, limits and compatibility switches."""
        from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions

        return ClaudeCodeOptions

    def settings(self, launch: Launch) -> Settings:
        """The complete settings of this profile alone.

        Unused credentials, headers and models are ``""``: a lower layer's value would be merged in otherwise, and a
        variable that is removed lives on in a running session, which would send the old key to the new gateway.
        """
        options = launch.options
        headers = dict(options.get("headers", {}))
        if launch.bearer_only or options.get("bearer_only"):
            headers["x-api-key"] = UNUSED
        env = {BASE_URL[1]: launch.base_url, AUTH_TOKEN[1]: "", API_KEY[1]: ""}
        env |= {variable: launch.models.get(role, "") for role, variable in ROLE_VARIABLES.items()}
        env[CUSTOM_HEADERS[1]] = "\n".join(f"{name}: {value}" for name, value in headers.items())
        if window := options.get("context_window") or _assumed_window(launch):
            env[CONTEXT_WINDOW[1]] = str(window)
        if limit := options.get("max_output_tokens"):
            env["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] = str(limit)
        helper = KeyCommand(launch.python, launch.profile, launch.state, claude_code=True).as_shell()
        # The user's own clouds are none of the owned entries, so these only count in the launch file itself.
        return {"apiKeyHelper": helper, "env": env | options.get("switches", {}) | dict.fromkeys(CLOUDS, "")}

    def launch_file(self, launch: Launch) -> str:
        """What ``claude --settings FILE`` takes."""
        return _as_text(self.settings(launch))

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        """Every entry of the launch file."""
        (file,) = self.live_files(env)
        # A launch file overrides a project's settings, the live file does not: there the helper checks them.
        helper = KeyCommand(launch.python, launch.profile, launch.state, claude_code=True, project=True).as_shell()
        wanted: dict[EntryPath, Value] = {**dict.fromkeys(REMOVED), HELPER: helper}
        wanted |= {("env", variable): value for variable, value in self.settings(launch)["env"].items()}
        if key is not None:
            wanted[HELPER] = None
            wanted[token_variable(launch)] = key
        return {file: {path: wanted[path] for path in OWNED if path in wanted}}

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """What each profile writes beside its helper; other limits, headers and switches may be the user's own."""
        ours = super().find_ours(file, value)
        if ours is None:
            return None
        models = [path for path in (("env", name) for name in ROLE_VARIABLES.values()) if value(path) is not None]
        emptied = [path for path in (AUTH_TOKEN, API_KEY, CUSTOM_HEADERS) if value(path) == ""]
        window = [] if all(str(value(path)).startswith("claude-") for path in models) else [CONTEXT_WINDOW]
        return ours.replace(entries=(HELPER, BASE_URL, *models, *emptied, *window))

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """``claude --settings FILE``, which also overrides what a profile in use has written to the user's settings."""
        (file,) = self.live_files(env)
        settings = self.settings(launch)
        variables: dict[str, str] = dict(settings["env"])
        for path in OWNED:
            if path[0] != "env" or path[1] in variables:
                continue
            now, before = current(file, path), own(file, path)
            if now is not None and (now != before or path in REMOVED):
                variables[str(path[1])] = "" if path in REMOVED else _text_of(before)
        answer = {**settings, "env": variables}
        return RunSpec(
            (self.program, "--settings", LAUNCH_FILE),
            {name: value for name, value in settings["env"].items() if value},
            token_variable(launch)[1],
            OWN_VARIABLES,
            None if answer == settings else _as_text(answer),
            enforcing={HOST_MANAGED: "1"},
        )

    def merged_launch_file(self, ours: str, given: str) -> str:
        """Of several ``--settings`` Claude Code takes the last; ``given`` is a file or JSON."""
        import json

        try:
            text = given if given.lstrip().startswith("{") else read_text(given)
            theirs: object = None if text is None else json.loads(text)
        except UnreadableFile as problem:
            raise BadInput(_("The file of --settings cannot be used."), str(problem)) from None
        except (ValueError, RecursionError):
            theirs = None
        if not is_object(theirs):
            raise BadInput(
                _("What --settings names is not a file with a JSON object."), _("Check that path, or the JSON.")
            )
        settings: Settings = json.loads(ours)
        return _as_text({**theirs, **settings, "env": {**variables_of(theirs), **settings["env"]}})

    def run_conflicts(self, launch: Launch, env: Environment) -> list[Conflict]:
        """What the administrator sets: seen with 2.1.330, that overrides ``--settings``."""
        ours = self.settings(launch)["env"]
        found: list[Conflict] = []
        for file in managed_files():
            try:
                settings = read_settings(file)
            except UnreadableFile:
                continue  # Claude Code does not start
            theirs = variables_of(settings)
            set_there = [name for name in GATEWAY_VARIABLES if name in theirs]
            names = [name for name in set_there if as_text(theirs[name]) != ours.get(name, "")]
            names += [*clouds_on(theirs), *([HELPER[0]] if settings and settings.get(HELPER[0]) is not None else [])]
            if names:
                found.append(
                    Conflict(
                        _(
                            "The administrator sets {names} in {file}, which overrides the profile '{profile}'.",
                            names=join_list(names),
                            file=file,
                            profile=launch.profile,
                        ),
                        _("Ask the administrator of this machine."),
                        blocking=not set(names) <= {*ROLE_VARIABLES.values(), *(path[1] for path in REMOVED)},
                    )
                )
        return found

    def check_run(self, launch: Launch) -> None:
        """Refuse a wrapper that starts Claude Code if the project's settings would redirect the key."""
        from ccswitch_py.targets.claude_code.key_guard import check_project

        check_project(launch)

    def request(self, launch: Launch) -> RequestShape:
        """With a helper Claude Code sends the key in both headers, with a token as Bearer only; custom headers win."""
        settings = self.settings(launch)
        custom = parse_headers(settings["env"].get(CUSTOM_HEADERS[1], ""))

        def headers(key: str) -> list[tuple[str, str]]:
            bearer, x_api_key = ("Authorization", f"Bearer {key}"), ("x-api-key", key)
            if launch.delivery == "command":
                credentials = (bearer, x_api_key)
            else:
                credentials = (x_api_key if token_variable(launch) == API_KEY else bearer,)
            sent = {name.lower(): (name, value) for name, value in (*credentials, *custom)}
            return list(sent.values())

        return RequestShape("messages", "/v1/messages?beta=true", headers, switches_of(settings))

    def client_shape(self, launch: Launch) -> ClientShape:
        """The parts of Claude Code's requests, with this profile's switches."""
        from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape

        return ClaudeCodeShape(self.request(launch).settings, launch.options.get("max_output_tokens"))

    def real_client(self) -> RealClient:
        """``claude -p``."""
        from ccswitch_py.targets.claude_code import real_client

        return RealClient(
            real_client.COMMAND, real_client.find_claude, real_client.failed_row, real_client.ask_claude_code
        )

    def base_url(self, current: Values, env: Environment) -> str | None:
        """The base URL of the user's settings."""
        from ccswitch_py.targets.claude_code.sources.masking import masked

        value = current(self.live_files(env)[0], BASE_URL)
        return None if value is None else masked(BASE_URL[1], _text_of(value))

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """Switches to a cloud, what Claude Code's own state adds, and what passes over the settings."""
        found: list[Conflict] = []
        for file, text in contents.items():
            settings = _parsed(text)
            variables = variables_of(settings)
            found += [_cloud_in_settings(self.name, file.path, name) for name in clouds_on(variables)[:1]]
            found += [_cloud_of_shell(self.name, name) for name in clouds_on(env) if name not in variables]
            found += state_overrides(text, env)
            found += overrides(file.path, text, settings, env)
        return found

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation:
        """Explain by the layers of settings that Claude Code merges."""
        from ccswitch_py.targets.claude_code.explain.explanation import explain
        from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection

        return explain(ClaudeCodeInspection(self, inspection, settings_file))

    def examinations(self, inspection: Inspection) -> Mapping[str, Examination]:
        """Its settings, what overrides them, its key command, and its program."""
        from functools import partial

        from ccswitch_py.targets.claude_code.findings import AREAS
        from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection

        looked_at = ClaudeCodeInspection(self, inspection)
        return {area: partial(examine, looked_at) for area, examine in AREAS.items()}

    def public_names(self) -> frozenset[str]:
        """Those of its own files, and of other switchers'."""
        from ccswitch_py.targets.claude_code.findings import PUBLIC_NAMES

        return PUBLIC_NAMES

    def notes(self, *, in_use: bool) -> list[str]:
        """Running sessions reload env and helper, keep their model, and keep a variable that was removed."""
        if not in_use:
            return [_("Running sessions keep their settings until they are restarted.")]
        return [
            _("Address and key change at once, even in running sessions."),
            _("Models change in new sessions, or with /model."),
        ]


def _assumed_window(launch: Launch) -> int | None:
    """The smallest context window among the models that Claude Code does not know, in tokens.

    For an unknown id 2.1.330 assumes a million tokens, so that it would never compact in time.
    """
    unknown = [model_id for model_id in launch.models.values() if not model_id.startswith("claude-")]
    windows = (launch.context_windows.get(model_id.removesuffix("[1m]"), UNKNOWN_WINDOW) for model_id in unknown)
    return min(windows, default=None)


def token_variable(launch: Launch) -> tuple[str, str]:
    """The variable from which Claude Code sends a key in the header that the gateway reads."""
    return API_KEY if launch.auth == "x-api-key" else AUTH_TOKEN


def _parsed(text: str | None) -> dict[str, Any] | None:
    try:
        return parse_settings(text or "{}")
    except UnreadableFile:
        return None  # the key command gives no key where it cannot read them


def _cloud_in_settings(program: str, file: str, variable: str) -> Conflict:
    return Conflict(
        _(
            "{variable} in {file} makes {program} call a cloud instead of the gateway, so no profile can be used.",
            variable=variable,
            file=file,
            program=program,
        ),
        _("Remove {variable} there, then try again.", variable=variable),
        blocking=True,
    )


def _cloud_of_shell(program: str, variable: str) -> Conflict:
    return Conflict(
        _(
            "{variable} of this shell makes {program} call a cloud instead of the gateway, so it gets no key.",
            variable=variable,
            program=program,
        ),
        _("Run `unset {variable}`, and remove it from where it is set.", variable=variable),
    )


def _text_of(value: Value) -> str:
    """A value as Claude Code passes it on in a variable."""
    return "" if value is None else str(value)


def _as_text(settings: Settings) -> str:
    import json

    return json.dumps(settings, ensure_ascii=False, indent=2) + "\n"
