"""What every target tells us; a target is pure, and one place does its reading and writing."""

from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from ccswitch_py.model.doctor_finding import Finding
    from ccswitch_py.model.profile import Profile
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

    EntryPath = tuple[str, ...]
    Settings = dict[str, Any]
    OwnEntry = Callable[[EntryPath], str | None]
    Examination = Callable[[], Iterator[Finding]]
    Wanted = Sequence[tuple[EntryPath, str | None]]


class Target(ABC):
    """A tool whose settings file we patch.

    ``settings_name`` is what users call the file, ``program`` the tool's command, ``token_variable`` the environment
    variable that other programs of its kind read the key from, ``own_variables`` those of the calling shell that a
    started program must not see.

    ``owned`` is the closed list of entries that an apply may change. ``sticky`` are those that a running session keeps
    when they vanish from the file: a value of ours that the next profile does not set is written as ``""`` once.
    """

    id: str
    name: str
    program: str
    settings_name: str
    base_url_entry: EntryPath
    token_variable: str
    own_variables: tuple[str, ...]
    owned: tuple[EntryPath, ...]
    sticky: tuple[EntryPath, ...] = ()

    @abstractmethod
    def live_path(self) -> str:
        """The file that the tool reads, as the tool finds it now."""

    @abstractmethod
    def build_launch(self, profile: Profile, provider: Provider | None, helper: str) -> Settings:
        """The launch file: complete settings for this profile alone; ``helper`` is the command that prints the key."""

    @abstractmethod
    def wanted(self, launch: Settings, own: OwnEntry, plaintext_key: str | None) -> Wanted:
        """What each owned entry shall be after an apply: JSON text, or None for "not there".

        ``launch`` is the profile's launch file, ``own`` looks up what the user had in an owned entry, as JSON text.
        Entries that are not named keep the user's own value. ``plaintext_key`` is given only for that delivery.
        """

    @abstractmethod
    def is_secret(self, path: EntryPath, raw: str) -> bool:
        """Whether an owned entry's value may hold a secret, so that the journal must not."""

    @abstractmethod
    def wire_headers(self, launch: Settings, delivery: str) -> Callable[[str], list[tuple[str, str]]]:
        """A function from the key to the credential and extra headers that the tool will send."""

    @abstractmethod
    def rivals(self, env: Mapping[str, object]) -> list[str]:
        """Those of these variables that make the tool leave the gateway for another one, whatever address is set."""

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation | None:
        """What the tool would use in the inspected folder, and why; None where that cannot be told.

        ``settings_file`` is the one that the tool would get as an option.
        """
        return None

    def examinations(self, inspection: Inspection) -> Mapping[str, Examination]:
        """What the doctor looks at of this tool, by the name of the area."""
        return {}

    def public_names(self) -> frozenset[str]:
        """Names of files and folders that are the same for everybody, which a report may show."""
        return frozenset()

    @abstractmethod
    def aftermath(self, *, in_use: bool) -> list[str]:
        """What is live at once and what needs a new session, with a profile in use now or with none any more."""
