"""What a target is: it knows one tool, and plans what that tool's files shall hold, without reading or writing them.

That is done in one place for all targets (``live_files``, ``services.apply``), so that dry run, preview, undo, restore
and all-or-nothing come for free with a new one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from ccswitch_py.core.record import Record
from ccswitch_py.live_files.live_file import Ours
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from typing import Literal

    from pydantic import BaseModel

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.model.doctor_finding import Finding
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import AuthScheme, Delivery, Protocol, Role
    from ccswitch_py.probe.client_shape import ClientShape
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

    Environment = Mapping[str, str]
    Values = Callable[[LiveFile, EntryPath], Value]
    Examination = Callable[[], Iterator[Finding]]
    Contents = Mapping[LiveFile, str | None]
    Plan = Mapping[LiveFile, Mapping[EntryPath, Value]]

HIDDEN = "\0hidden"
"""What ``Values`` returns for a secret that was not fetched from the keyring."""


NO_KEY = "unused"
"""In the place of a key, where the gateway must get neither ours nor another one."""


class RunSpec(Record):
    """How to start a program with a profile, for that process only.

    ``argv`` starts the tool itself, with ``LAUNCH_FILE`` where the path of the launch file goes; the user's arguments
    follow. ``launch_file`` is the content of that file, None for the stored one. ``environment`` (without a secret) and
    ``key_variable`` ("" for none) are for any other program, and for the tool itself if it ``needs_environment``; with
    ``enforcing`` the tool prefers these to its live files, however it is started. ``unset`` are the variables of the
    calling shell that must not reach the child.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    key_variable: str
    unset: tuple[str, ...] = ()
    launch_file: str | None = None
    needs_environment: bool = False
    enforcing: Mapping[str, str] = {}


LAUNCH_FILE = "{launch_file}"


class RequestShape(Record):
    """What the tool sends to the gateway, for the live test to send the same.

    ``path`` follows the base URL. ``headers`` gives the credential and extra headers for a key, exactly as on the wire.
    ``settings`` are the tool's own settings that change the shape of its requests.
    """

    protocol: Protocol
    path: str
    headers: Callable[[str], Sequence[tuple[str, str]]]
    settings: Mapping[str, str]


class RealClient(Record):
    """The tool's own program, asked one short question.

    ``command`` is what ``ccswitch run`` starts. ``find`` returns its path or raises ``NotFound``, ``failed`` returns
    the row for a program that was never started, ``ask`` starts it with arguments and environment and judges what it
    prints.
    """

    command: tuple[str, ...]
    find: Callable[[], str]
    failed: Callable[[ProbePlan, str, str], CheckResult]
    ask: Callable[[ProbePlan, Sequence[str], Environment], Awaitable[CheckResult]]


class Conflict(Record):
    """Something that makes the tool ignore the plan, wholly or in part; a ``blocking`` one stops the apply."""

    message: str
    hint: str
    blocking: bool = False


class Target(ABC):
    """A tool that we set up.

    ``program`` is its command, "" for a library; ``start_arguments`` start it anew. ``is_hosted``: the program is an
    editor, which starts much else. ``deliveries`` are the ways in which it can get a key, best first; ``protocols`` are
    those that it speaks, best first, each with the auth schemes that it can send. ``roles`` are those that need a
    model, beside ``main``. ``mode``: ``exclusive`` replaces the tool's provider, ``additive`` adds one to the user's
    own. ``settings_name`` is what users call its file. ``available``: the tool exists for this system.
    """

    id: str
    name: str
    program: str
    start_arguments: tuple[str, ...] = ()
    is_hosted: bool = False
    protocols: Mapping[Protocol, frozenset[AuthScheme]]
    deliveries: tuple[Delivery, ...]
    roles: tuple[Role, ...] = ()
    mode: Literal["exclusive", "additive"]
    settings_name: str
    available: bool = True

    @abstractmethod
    def live_files(self, env: Environment) -> tuple[LiveFile, ...]:
        """The files that the tool reads in this environment, with the entries that an apply may change.

        None for a tool that takes its provider from the environment alone.
        """

    @abstractmethod
    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        """What the owned entries of each file shall be: a typed value, or None to remove the entry.

        An owned entry that is not named keeps the user's own value. ``own`` looks up what the user had in an owned
        entry before any profile (None: nothing). ``key`` is given only for the delivery ``plaintext``.
        """

    @abstractmethod
    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """Return how to start a program with this profile, overriding the live files (``current``)."""

    @abstractmethod
    def request(self, launch: Launch) -> RequestShape:
        """What the tool will send with this profile."""

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """Recognise what a profile has written in a live file from its entries alone; None if there is no profile.

        By default by a key command of ours, which names the profile. For a secret, ``value`` is any non-empty text.
        """
        commands = {path: KeyCommand.find(value(path)) for path in file.owned}
        found = [(path, command) for path, command in commands.items() if command]
        if not found:
            return None
        return Ours(found[0][1].profile, found[0][1].state, tuple(path for path, _command in found))

    def scripts(self, launch: Launch) -> Mapping[str, str]:
        """The executable files of ours, by path, that the plan names."""
        return {}

    def speaks(self, protocol: Protocol, model: str) -> bool:
        """Whether the tool uses this one of its protocols with this model; most do with every model."""
        return True

    def options_model(self) -> type[BaseModel] | None:
        """The options that a profile can have in ``[targets.ID]``, imported late; None: no options."""
        return None

    def client_shape(self, launch: Launch) -> ClientShape:
        """The parts of the tool's requests, for the live test to find which one a gateway refuses."""
        from ccswitch_py.probe.client_shape import ClientShape

        return ClientShape(self.name)

    def real_client(self) -> RealClient | None:
        """The tool's own program, where it can be asked without a screen."""
        return None

    def launch_file(self, launch: Launch) -> str | None:
        """The content of a file with complete settings of this profile alone, for a tool that takes one."""
        return None

    def merged_launch_file(self, ours: str, given: str) -> str:
        """Our launch file with what the user gave for the same option beneath it; raises ``BadInput``."""
        raise NotImplementedError

    def run_conflicts(self, launch: Launch, env: Environment) -> list[Conflict]:
        """What overrides even what ``run_spec`` gives the tool; a ``blocking`` conflict stops ``ccswitch run``."""
        return []

    def check_run(self, launch: Launch) -> None:
        """Raise ``CcswitchError`` where a program that starts the tool in turn would have it send the key elsewhere."""
        return

    def base_url(self, current: Values, env: Environment) -> str | None:
        """Where the live files send the tool's requests, fit to be shown."""
        return None

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """What would make the tool ignore these file contents (None: no file) in this environment."""
        return []

    def notes(self, *, in_use: bool) -> list[str]:
        """What takes effect at once and what needs a new session, with a profile in use now or with none any more."""
        return []

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation | None:
        """What the tool would use in the inspected folder, and why; None where that cannot be told.

        ``settings_file`` is the one that the tool would get as an option.
        """
        return None

    def examinations(self, inspection: Inspection) -> Mapping[str, Examination]:
        """The doctor's examinations of this tool, by area."""
        return {}

    def public_names(self) -> frozenset[str]:
        """Names of files and folders that are the same on every machine, so that a report may show them."""
        return frozenset()
