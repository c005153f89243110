"""Where a key is: the one reference type of profiles, launch records, the vault and every screen.

On the path of the quick commands, so it imports nothing heavy; the checks of a hand-written reference stand in
``model.profile``.
"""

from __future__ import annotations

from ccswitch_py.core.language import _
from ccswitch_py.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal


class KeyRef(Record):
    """A key by its name in our keyring, by an environment variable, or by the command that prints it.

    Exactly one of ``name``, ``env`` and ``command`` is set. ``item`` is the keyring's user name for ``name``; only a
    resolved reference, as in a launch record, has it.
    """

    name: str = ""
    env: str = ""
    command: tuple[str, ...] = ()
    item: str = ""

    @classmethod
    def from_json(cls, value: Any) -> KeyRef:
        """Read the form of a profile's TOML or of a launch record; raises ``ValueError``."""
        match value:
            case str(name) if name:
                return cls(name=name)
            case {"name": str(name), "item": str(item), **others} if name and item and not others:
                return cls(name=name, item=item)
            case {"env": str(variable), **others} if variable and not others:
                return cls(env=variable)
            case {"command": [str(program), *arguments], **others} if program and not others:
                if all(isinstance(argument, str) for argument in arguments):
                    return cls(command=(program, *arguments))
            case _:
                pass
        raise ValueError(_("should be a key name, or a table with env or command"))

    def as_json(self) -> str | dict[str, Any]:
        """The form that ``from_json`` reads: a string for a name without its keyring item, else a table."""
        if self.command:
            return {"command": list(self.command)}
        if self.env:
            return {"env": self.env}
        return {"name": self.name, "item": self.item} if self.item else self.name

    def public_json(self) -> str | dict[str, Any]:
        """The form for ``--json``: no keyring item, and of a command only the program, for the rest may be private."""
        if self.command:
            return {"command": [self.command[0], *(["…"] if len(self.command) > 1 else [])]}
        return {"env": self.env} if self.env else self.name

    @property
    def kind(self) -> Literal["keyring", "variable", "command"]:
        """Which of the three it is."""
        return "command" if self.command else "variable" if self.env else "keyring"

    @property
    def label(self) -> str:
        """The name of the key, of the variable or of the program."""
        return self.command[0] if self.command else self.env or self.name

    def describe(self) -> str:
        """Where the key comes from, in a few words."""
        match self.kind:
            case "variable":
                return _("from ${variable}", variable=self.env)
            case "command":
                return _("from {program}", program=self.label)
            case "keyring":
                return _("keyring: {name}", name=self.name)

    def __repr__(self) -> str:
        return f"KeyRef({self.public_json()!r})"


_OF_HTTPS = ":443"


def display_host(host: str) -> str:
    """A ``host:port`` without the port of https, which everybody means who names no port.

    That of http stays: ``ccswitch keys set --host`` takes a bare name for https too.
    """
    return host.removesuffix(_OF_HTTPS)


def display_hosts(hosts: Iterable[str]) -> list[str]:
    """The same of each."""
    return [display_host(host) for host in hosts]
