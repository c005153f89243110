"""Keyrings that do not work, each with what is to be said of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import NamedTuple

import pytest

from tests.support.keyring_session import KeyringSession, bus_session, fake_keyring_session, gnome_keyring_session
from tests.support.session import enter


class State(NamedTuple):
    """A keyring: the session that has it, variables, and what is said of it."""

    session: Callable[[], AbstractContextManager[KeyringSession]]
    says: str
    advises: str
    variables: Mapping[str, str] = MappingProxyType({})


@contextlib.contextmanager
def locked_session() -> Iterator[KeyringSession]:
    with gnome_keyring_session() as session:
        session.lock()
        yield session


STATES = {
    "locked": State(locked_session, "The keyring is locked", "gnome-keyring-daemon --replace --unlock"),
    "denied": State(
        lambda: fake_keyring_session("denying"),
        "refused access, and nothing was changed",
        "allow access when the keyring asks",
        {"DISPLAY": ":made-up"},
    ),
    "hanging": State(
        lambda: fake_keyring_session("silent"),
        "did not answer within 0.5 seconds",
        "restart the keyring",
        {"CCSWITCH_KEYRING_TIMEOUT": "0.5"},
    ),
    "hanging in the middle": State(
        lambda: fake_keyring_session("stuck"),
        "did not answer within 1.5 seconds",
        "restart the keyring",
        {"CCSWITCH_KEYRING_TIMEOUT": "1.5"},
    ),
    "vanishing in the middle": State(
        lambda: fake_keyring_session("vanishing"), "keyring", "start gnome-keyring, KWallet or KeePassXC"
    ),
    "none": State(bus_session, "No keyring is running in this session", "Install and start gnome-keyring"),
    "no D-Bus": State(
        bus_session,
        "this session has no D-Bus",
        "dbus-run-session",
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
    ),
    "plaintext": State(
        gnome_keyring_session,
        "is not supported",
        "Use one of auto, secret-service",
        {"CCSWITCH_KEYRING": "keyrings.alt.file.PlaintextKeyring"},
    ),
}


@contextlib.contextmanager
def in_state(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """Makes the process of a test a part of a session with this keyring."""
    state = STATES[name]
    with state.session() as session:
        enter(session, monkeypatch)
        for variable, value in state.variables.items():
            monkeypatch.setenv(variable, value)
        yield state
