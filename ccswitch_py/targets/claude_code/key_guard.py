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
from ccswitch_py.model.key_ref import display_host
from ccswitch_py.targets.claude_code.repository import project_folders
from ccswitch_py.targets.claude_code.settings import (
    CONFIG_DIR,
    LOCAL_SETTINGS,
    PROJECT_FOLDER,
    SETTINGS,
    config_folder,
    read_settings,
    variables_of,
)
from ccswitch_py.targets.claude_code.variables import BASE_URL, clouds_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ccswitch_py.model.launch import Launch, LaunchRecord

ON_THE_WAY = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_EXTRA_CA_CERTS")
"""Puts somebody between Claude Code and the gateway, or lets anybody pass for the gateway."""
_MISLEADING = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", CONFIG_DIR)
_MISLEADING_BEGINNINGS = ("CCSWITCH_", "XDG_")
"""Would have files of the project count as the user's, or as ours. The key command of 2.1.330 gets the project's
variables from its second call on."""
_WINDOWS = os.name == "nt"
_SWITCH_OFF = N_("Remove {variable} where it is set, or take the profile out of use with `ccswitch off`.")


def check_key_destination(
    record: LaunchRecord, environ: Mapping[str, str], *, of_settings: bool, folder: str = ""
) -> None:
    """Raise ``KeyUnavailable`` unless a Claude Code with this environment sends the key to the record's gateway only.

    ``of_settings`` says that it has the address from its settings files, and not from a launch file, which beats them.
    It is started in ``folder``, or without one in the folder that we are in.
    """
    check_base_url(record, environ.get(BASE_URL))
    if clouds := clouds_on(environ):
        raise _for_a_cloud(record, clouds[0])
    found = find_redirections(folder, environ)
    _require_own_project(record, found)
    # A launch file switches the user's off, which the environment shows.
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

    The user's own address is for the caller to judge.
    """
    found = find_redirections()
    _require_own_project(record, found)
    if found.users_clouds:
        raise _for_a_cloud(record, *found.users_clouds[0])
    for base_url in found.base_urls:
        check_base_url(record, base_url)


def _require_own_project(record: LaunchRecord | Launch, found: Redirections) -> None:
    """Refuse where the project switches on a cloud, lets others listen, or misleads ccswitch."""
    if found.clouds:
        raise _for_a_cloud(record, *found.clouds[0])
    if found.on_the_way:
        problem = _(
            "{variable} in the project's settings would show the key of '{profile}' to somebody else.",
            variable=found.on_the_way[0],
            profile=quoted(record.profile),
        )
    elif found.misleading:
        problem = _(
            "{variable} in the project's settings would have ccswitch look for your settings, or for its own, "
            "elsewhere.",
            variable=found.misleading[0],
        )
    else:
        return
    raise KeyUnavailable(problem, _("Set it in the shell if it is yours, or remove it from the project's settings."))


def check_base_url(record: LaunchRecord | Launch, base_url: str | None) -> None:
    """Raise ``KeyUnavailable`` if this address is of another host; None is no address."""
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
        "{place} would have Claude Code send the key of '{profile}' to a cloud and not to {host}.",
        place=variable if file is None else _("{name} in {place}", name=variable, place=file),
        profile=quoted(record.profile),
        host=display_host(record.key_host),
    )
    return KeyUnavailable(message, _(_SWITCH_OFF, variable=variable))


class Redirections:
    """What settings files say about where the key goes.

    ``base_urls`` are the addresses that the project names, ``clouds`` the switches that are on there, each with its
    file; of ``users_`` are those in the user's settings. ``on_the_way`` and ``misleading`` are variables that the
    project sets.
    """

    def __init__(self) -> None:
        self.base_urls: list[str] = []
        self.users_base_urls: list[str] = []
        self.on_the_way: list[str] = []
        self.misleading: list[str] = []
        self.clouds: list[tuple[str, str]] = []
        self.users_clouds: list[tuple[str, str]] = []


def find_redirections(folder: str = "", environ: Mapping[str, str] = os.environ) -> Redirections:
    """What the settings of a folder's project, and of the user with this environment, say.

    Without a folder that is the one that we are in. Raises ``KeyUnavailable`` if it is unclear what they say.
    """
    users_file = _users_file(environ)
    found = Redirections()
    for path in _project_files(folder):
        env = _env_of(path)
        found.misleading += [name for name in env if _is_misleading(name.upper())]
        if path != users_file:
            found.on_the_way += [name for name in env if name.upper() in ON_THE_WAY]
            found.clouds += [(name, path) for name in clouds_on(env)]
            found.base_urls += _base_urls(env)
    if users_file:
        env = _env_of(users_file)
        found.users_clouds += [(name, users_file) for name in clouds_on(env)]
        found.users_base_urls += _base_urls(env)
    return found


def _is_misleading(name: str) -> bool:
    return name in _MISLEADING or name.startswith(_MISLEADING_BEGINNINGS)


def _users_file(environ: Mapping[str, str]) -> str:
    """The user's own settings; "" where only the folder that we are in would decide which file that is."""
    for folder in (config_folder(environ), config_folder({**environ, CONFIG_DIR: ""})):
        if os.path.isabs(folder):
            return os.path.realpath(os.path.join(folder, SETTINGS))
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
    paths = [os.path.join(folder, PROJECT_FOLDER, name) for folder in folders for name in (LOCAL_SETTINGS, SETTINGS)]
    return dict.fromkeys(os.path.realpath(path) for path in paths)


def _base_urls(env: dict[str, Any]) -> list[str]:
    return [str(value) for name, value in env.items() if (name.upper() if _WINDOWS else name) == BASE_URL]


def _env_of(path: str) -> dict[str, Any]:
    """The variables of a settings file; none for a file that Claude Code skips."""
    try:
        return variables_of(read_settings(path))
    except UnreadableFile as problem:
        raise _unclear(path, problem) from None


def _unclear(path: str, problem: UnreadableFile) -> KeyUnavailable:
    return KeyUnavailable(
        join_sentences(_("ccswitch cannot see where {file} sends the key.", file=path), str(problem)),
        _("Look at {file} first, and move it away if it is not yours.", file=path),
    )
