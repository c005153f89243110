"""Refuse a key where settings would send it to another host than the profile's.

A project's settings are read here, since Claude Code asks for the key once before it takes them in: the environment of
its key command does not show them yet. Seen with 2.1.197 and 2.1.330: both read the folder that they were started in,
2.1.330 also the root of the git repository around it, and for a worktree that of the main one.
"""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.files import UnreadableFile
from ccswitch_py.core.language import N_, _, join_sentences, quoted
from ccswitch_py.core.paths import absolute
from ccswitch_py.core.record import Record
from ccswitch_py.model.key_ref import display_host
from ccswitch_py.targets.claude_code import settings
from ccswitch_py.targets.claude_code.owned_entries import routing_headers
from ccswitch_py.targets.claude_code.repository import project_folders
from ccswitch_py.targets.claude_code.settings import CONFIG_DIR, config_folder
from ccswitch_py.targets.claude_code.variables import BASE_URL, CUSTOM_HEADERS, HOSTED, clouds_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ccswitch_py.model.launch import Launch, LaunchRecord

ON_THE_WAY = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_EXTRA_CA_CERTS")
"""Route requests through a third party, or weaken TLS checks."""
_MISLEADING = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", CONFIG_DIR)
_MISLEADING_BEGINNINGS = ("CCSWITCH_", "XDG_")
"""Make files of the project pass for the user's or ours. The key command of 2.1.330 gets the project's variables from
its second call on."""
_WINDOWS = os.name == "nt"
_SWITCH_OFF = N_("Remove {variable} where it is set, or run `ccswitch off`.")


def check_key_destination(
    record: LaunchRecord, environ: Mapping[str, str], *, of_settings: bool, folder: str = ""
) -> None:
    """Raise ``KeyUnavailable`` unless a Claude Code with this environment sends the key to the record's gateway only.

    ``of_settings``: its address comes from its settings files, not from a launch file, which overrides them. It is
    started in ``folder`` (default: the current one).
    """
    check_base_url(record, environ.get(BASE_URL))
    if clouds := clouds_on(environ):
        raise _for_a_cloud(record, clouds[0])
    if hosted := [name for name in HOSTED if environ.get(name)]:
        raise KeyUnavailable(
            _(
                "{variable} is set: another program decides where Claude Code sends the key of '{profile}'.",
                variable=hosted[0],
                profile=quoted(record.profile),
            ),
            _("Run `ccswitch run {profile}`, which leaves {variable} out.", profile=record.profile, variable=hosted[0]),
        )
    if headers := routing_headers(environ.get(CUSTOM_HEADERS, "")):
        raise _routed(record, headers[0], _("the environment"))
    found = find_redirections(folder, environ)
    _require_own_project(record, found)
    # A launch file switches off the user's, which the environment shows.
    clouds = [cloud for cloud in found.users_clouds if of_settings or environ.get(cloud[0]) is None]
    if clouds:
        raise _for_a_cloud(record, *clouds[0])
    if not of_settings:
        return
    base_urls = [*found.base_urls, *found.users_base_urls]
    for base_url in base_urls:
        check_base_url(record, base_url)
    if not base_urls and environ.get(BASE_URL) is None:
        raise KeyUnavailable(
            _(
                "The key of '{profile}' is for {host}, but the settings name no ANTHROPIC_BASE_URL.",
                profile=quoted(record.profile),
                host=display_host(record.key_host),
            ),
            _("Run `ccswitch use {profile}`.", profile=record.profile),
        )


def check_project(record: LaunchRecord | Launch) -> None:
    """Raise ``KeyUnavailable`` if a Claude Code started here with the key in its environment would send it elsewhere.

    The caller checks the user's own address.
    """
    found = find_redirections()
    _require_own_project(record, found)
    if found.users_clouds:
        raise _for_a_cloud(record, *found.users_clouds[0])
    for base_url in found.base_urls:
        check_base_url(record, base_url)


def _require_own_project(record: LaunchRecord | Launch, found: Redirections) -> None:
    """Refuse where the project switches on a cloud, redirects requests, or misleads ccswitch."""
    if found.clouds:
        raise _for_a_cloud(record, *found.clouds[0])
    if found.headers:
        raise _routed(record, *found.headers[0])
    if found.on_the_way:
        problem = _(
            "{variable} in the project's settings could reveal the key of '{profile}' to a third party.",
            variable=found.on_the_way[0],
            profile=quoted(record.profile),
        )
    elif found.misleading:
        problem = _(
            "{variable} in the project's settings would make ccswitch read your settings, or its own, elsewhere.",
            variable=found.misleading[0],
        )
    else:
        return
    raise KeyUnavailable(problem, _("If it is yours, set it in your shell; remove it from the project's settings."))


def check_base_url(record: LaunchRecord | Launch, base_url: str | None) -> None:
    """Raise ``KeyUnavailable`` if this address has another host or scheme; None is no address."""
    if base_url is None or (base_url == record.base_url and _is_plainly_at(base_url, record.key_host)):
        return
    from ccswitch_py.model.base_url import BaseUrl

    try:
        url = BaseUrl(base_url)
        if url.key_host == record.key_host and url.scheme == BaseUrl(record.base_url).scheme:
            return
        elsewhere = str(url) if url.key_host == record.key_host else display_host(url.key_host)
    except BadInput:
        elsewhere = _("an address that ccswitch cannot read")
    raise KeyUnavailable(
        _(
            "The key of '{profile}' is for {host}, but Claude Code would send it to {elsewhere}.",
            profile=quoted(record.profile),
            host=display_host(record.key_host),
            elsewhere=elsewhere,
        ),
        _(
            "Remove ANTHROPIC_BASE_URL from the project's or the shell's settings, or start a new "
            "session after a switch."
        ),
    )


def _is_plainly_at(base_url: str, host: str) -> bool:
    """Whether an address is of this ``host:port``, as far as that shows without parsing it; False says nothing.

    ``BaseUrl`` takes a tenth of the time of the key command.
    """
    scheme, _colon, rest = base_url.partition("://")
    named = rest.partition("/")[0]
    word = named.replace(".", "").replace("-", "").replace(":", "")
    port = {"https": ":443", "http": ":80"}.get(scheme)
    return port is not None and host in (named, named + port) and word.isascii() and word.isalnum()


def _for_a_cloud(record: LaunchRecord | Launch, variable: str, file: str | None = None) -> KeyUnavailable:
    message = _(
        "{place} would make Claude Code send the key of '{profile}' to a cloud instead of {host}.",
        place=variable if file is None else _("{name} in {place}", name=variable, place=file),
        profile=quoted(record.profile),
        host=display_host(record.key_host),
    )
    return KeyUnavailable(message, _(_SWITCH_OFF, variable=variable))


def _routed(record: LaunchRecord | Launch, header: str, place: str) -> KeyUnavailable:
    return KeyUnavailable(
        _(
            "The header {header} in {name} ({place}) could send the key of '{profile}' to another host than {host}.",
            header=quoted(header),
            name=CUSTOM_HEADERS,
            place=place,
            profile=quoted(record.profile),
            host=display_host(record.key_host),
        ),
        _("Remove that header."),
    )


class Redirections(Record):
    """What settings files do to the key: the base URLs, clouds, routing headers (both with their file) and variables.

    ``users_`` are those of the user's own settings, the others those of the project.
    """

    base_urls: list[str]
    clouds: list[tuple[str, str]]
    on_the_way: list[str]
    misleading: list[str]
    headers: list[tuple[str, str]]
    users_base_urls: list[str]
    users_clouds: list[tuple[str, str]]


def find_redirections(folder: str = "", environ: Mapping[str, str] = os.environ) -> Redirections:
    """Read the settings of a folder's project (default: the current one) and of the user with this environment.

    Raises ``KeyUnavailable`` if one of them may redirect the key and cannot be read.
    """
    users_file = _users_file(environ)
    projects = {path: _env_of(path) for path in _project_files(folder)}
    misleading = [name for env in projects.values() for name in env if _is_misleading(name.upper())]
    projects.pop(users_file, None)
    users = {users_file: _env_of(users_file)} if users_file else {}
    on_the_way = [name for env in projects.values() for name in env if name.upper() in ON_THE_WAY]
    headers = [
        (header, path)
        for path, env in projects.items()
        for value in _values(env, CUSTOM_HEADERS)
        for header in routing_headers(settings.as_text(value))
    ]
    return Redirections(
        _base_urls(projects), _clouds(projects), on_the_way, misleading, headers, _base_urls(users), _clouds(users)
    )


def _is_misleading(name: str) -> bool:
    return name in _MISLEADING or name.startswith(_MISLEADING_BEGINNINGS)


def _users_file(environ: Mapping[str, str]) -> str:
    """The user's own settings; "" where their path would depend on the current folder."""
    for folder in (config_folder(environ), config_folder({**environ, CONFIG_DIR: ""})):
        if os.path.isabs(folder):
            return os.path.realpath(os.path.join(folder, settings.SETTINGS))
    return ""


def _project_files(folder: str) -> Iterable[str]:
    try:
        here = absolute(folder)
    except BadInput as gone:
        raise KeyUnavailable(gone.message, gone.hint) from None
    try:
        folders = project_folders(here)
    except UnreadableFile as problem:
        raise _unclear(os.path.join(here, ".git"), problem) from None
    paths = [
        os.path.join(folder, settings.PROJECT_FOLDER, name)
        for folder in folders
        for name in (settings.LOCAL_SETTINGS, settings.SETTINGS)
    ]
    return dict.fromkeys(os.path.realpath(path) for path in paths)


def _base_urls(files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [str(value) for env in files.values() for value in _values(env, BASE_URL)]


def _values(env: Mapping[str, Any], variable: str) -> list[Any]:
    return [value for name, value in env.items() if (name.upper() if _WINDOWS else name) == variable]


def _clouds(files: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(name, path) for path, env in files.items() for name in clouds_on(env)]


def _env_of(path: str) -> dict[str, Any]:
    """The variables of a settings file; empty for a file that Claude Code skips."""
    try:
        return settings.variables_of(settings.read_settings(path))
    except UnreadableFile as problem:
        raise _unclear(path, problem) from None


def _unclear(path: str, problem: UnreadableFile) -> KeyUnavailable:
    return KeyUnavailable(
        join_sentences(_("ccswitch cannot tell where {file} sends the key.", file=path), str(problem)),
        _("Check {file} first, and move it away if it is not yours.", file=path),
    )
