"""The locations of our own files.

On the path of every quick command, so only ``os`` is imported; platformdirs decides on macOS and Windows.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHIPPED_PROVIDERS = (os.path.join(_PACKAGE, "profiles"), os.path.join(os.path.dirname(_PACKAGE), "profiles"))

SCHEMAS = os.path.join(_PACKAGE, "schemas")
"""The JSON Schema of each TOML format of ours, ``<format>.json``, for editors."""


class Paths:
    """The folders of one ccswitch installation; ``config`` is for people to edit, ``state`` is derived."""

    def __init__(self, config: str, state: str) -> None:
        self.config = config
        self.state = state
        self.profiles = os.path.join(config, "profiles")
        self.providers = os.path.join(config, "providers")
        """The user's own ones."""
        self.keys = os.path.join(config, "keys.toml")
        """The names of the keys and their hosts, never a secret."""
        self.settings = os.path.join(config, "ccswitch.toml")
        self.theme = os.path.join(config, "theme")
        self.launches = os.path.join(state, "launch")
        self.journal = os.path.join(state, "journal")
        self.locks = os.path.join(state, "locks")

    def profile(self, name: str) -> str:
        return os.path.join(self.profiles, name + ".toml")

    def launch_record(self, name: str) -> str:
        """The profile's launch record, JSON."""
        return os.path.join(self.launches, name + ".json")

    def launch_file(self, target: str, name: str) -> str:
        """The profile's complete settings file for one target."""
        return os.path.join(self.launches, target, name + ".json")

    def last_test(self, name: str) -> str:
        """The result of the profile's last live test, JSON."""
        return os.path.join(self.state, "tests", name + ".json")


def find_paths(environ: Mapping[str, str] = os.environ) -> Paths:
    """The folders for this user: ``CCSWITCH_HOME`` if set, else what the platform says.

    ``find_paths({})`` are those of a process that got none of our variables.
    """
    home = environ.get("CCSWITCH_HOME")
    if home:
        root = os.path.abspath(os.path.expanduser(home))
        return Paths(os.path.join(root, "config"), os.path.join(root, "state"))
    if sys.platform in ("darwin", "win32"):
        import platformdirs

        return Paths(
            platformdirs.user_config_dir("ccswitch", False, roaming=True),
            os.path.join(platformdirs.user_data_dir("ccswitch", False), "state"),
        )
    return Paths(
        _xdg(environ.get("XDG_CONFIG_HOME"), os.path.join("~", ".config")),
        _xdg(environ.get("XDG_STATE_HOME"), os.path.join("~", ".local", "state")),
    )


def _xdg(value: str | None, default: str) -> str:
    base = value.strip() if value and os.path.isabs(value.strip()) else os.path.expanduser(default)
    return os.path.join(os.path.abspath(base), "ccswitch")


def home_folder(environ: Mapping[str, str]) -> str:
    """The user's home as other programs find it: by a variable, which has another name on Windows."""
    return environ.get("USERPROFILE" if os.name == "nt" else "HOME") or os.path.expanduser("~")


def config_home(environ: Mapping[str, str]) -> str:
    """The folder in which programs that follow XDG keep their configuration."""
    return environ.get("XDG_CONFIG_HOME") or os.path.join(home_folder(environ), ".config")


def data_home(environ: Mapping[str, str]) -> str:
    """The folder in which programs that follow XDG keep their data."""
    return environ.get("XDG_DATA_HOME") or os.path.join(home_folder(environ), ".local", "share")


def from_home(path: str) -> str:
    """Shorten the user's home in a path to a tilde."""
    home = os.path.expanduser("~")
    inside = path.removeprefix(home + os.sep)
    return os.path.join("~", inside) if inside != path and os.name == "posix" else path


def upwards(folder: str) -> Iterator[str]:
    """The folder and those around it, up to the root."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def absolute(path: str) -> str:
    """Make a path absolute; raises ``BadInput`` if the current folder was deleted."""
    try:
        return os.path.abspath(path)
    except FileNotFoundError:
        from ccswitch_py.core.errors import BadInput
        from ccswitch_py.core.language import _

        raise BadInput(
            _("The current folder no longer exists."), _("Change to an existing folder, then try again.")
        ) from None
