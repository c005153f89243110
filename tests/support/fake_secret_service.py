"""A Secret Service that misbehaves, on a real D-Bus: `python -m tests.support.fake_secret_service MODE`.

silent    takes the name and never answers anything
stuck     says that it is open, then never answers when a key is wanted; prints a line when it comes to that
vanishing is open, and ends when a key is read, stored or removed
denying   is locked, and its prompt is always dismissed; prints the name of each call
"""

from __future__ import annotations

import sys
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ROOT = "/org/freedesktop/secrets"
COLLECTION = f"{ROOT}/collection/login"
PROMPT = f"{ROOT}/prompt/1"
TO_BE_DONE = ("GetSecret", "GetSecrets", "CreateItem", "Delete")
PLAIN_SESSION = (("s", ""), f"{ROOT}/session/1")


def answer(mode: str, call: Message) -> tuple[str, tuple[Any, ...]] | None:
    """Signature and body of the answer to a call; None for no answer."""
    member = call.header.fields[HeaderFields.member]
    locked = mode == "denying"
    match member, call.body:
        case _ if mode == "silent":
            return None
        case "ReadAlias", _:
            return "o", (COLLECTION,)
        case "Get", (_, "Locked"):
            return "v", (("b", locked),)
        case "Get", (_, "Label"):
            return "v", (("s", "Login"),)
        case _ if mode == "stuck":
            return None
        case "Get", (_, "Attributes"):
            return "v", (("a{ss}", {}),)
        case "OpenSession", ("plain", _):
            return "vo", PLAIN_SESSION
        case "SearchItems", _ if call.header.fields[HeaderFields.interface].endswith(".Collection"):
            return "ao", ([f"{COLLECTION}/1"],)
        case "SearchItems", _ if mode == "vanishing":
            return "aoao", ([f"{COLLECTION}/1"], [])
        case "SearchItems", _:
            return "aoao", ([], [f"{COLLECTION}/1"])
        case "Unlock", _:
            return "aoo", ([], PROMPT)
        case "Prompt", _:
            return "", ()
        case _:
            return None


def serve(mode: str, bus: DBusConnection) -> None:
    while True:
        call = bus.receive()
        if call.header.message_type is not MessageType.method_call:
            continue
        member = call.header.fields[HeaderFields.member]
        reply = answer(mode, call)
        if mode == "denying" or reply is None:
            sys.stdout.write(f"{member}\n")
            sys.stdout.flush()
        if reply is not None:
            bus.send(new_method_return(call, *reply))
        elif mode == "vanishing" and member in TO_BE_DONE:
            return
        elif mode in ("denying", "vanishing"):
            bus.send(new_error(call, "org.freedesktop.DBus.Error.NotSupported"))
        if member == "Prompt":
            prompt = DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt")
            bus.send(new_signal(prompt, "Completed", "bv", (True, ("ao", []))))


if __name__ == "__main__":
    connection = open_dbus_connection()
    connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
    serve(sys.argv[1], connection)
