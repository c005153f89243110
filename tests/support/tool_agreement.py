"""The live test and a real tool, asked about the same gateway of one protocol."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.protocol import MAIN_ROLES, Protocol
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.live_test.plans import plan_of_profile
from ccswitch_py.services.profiles.manage import remove
from tests.support.four_protocols import FourProtocols, protocol_of
from tests.support.home import add_profile
from tests.support.misbehaving import Misbehaving, Script, Talk
from tests.support.probing import IMPATIENT, WITHOUT_PAUSE

MODEL = "gpt-5.4-low"
SUFFIXES = {"messages": "", "responses": "/v1", "chat": "/v1", "gemini": ""}
AUTH = {"gemini": "x-goog-api-key"}
PROVIDER = """
schema = 2
id = "acme"
name = "Acme"
source = "a test"
checked = 2026-01-01

[endpoints.{protocol}]
base_url = "{base}"
auth = "{auth}"
"""

Answers = Callable[[Misbehaving], bool]
"""Starts the tool with the profile ``work``: whether it gets an answer from the gateway."""


def both(
    paths: Paths, target: str, protocol: Protocol, make: Callable[[], Script], answers: Answers, *, hangs: bool = False
) -> tuple[bool, bool]:
    """Whether the gateway works for the target, by the live test and by the real tool, each beginning anew with it."""

    def passes(_: Misbehaving) -> bool:
        return our_verdict(paths, target, hangs=hangs) in (Verdict.WORKS, Verdict.DEGRADED)

    verdicts: list[bool] = []
    for ask in (passes, answers):
        with Misbehaving(make()) as gateway:
            base = gateway.base_url + SUFFIXES[protocol]
            text = PROVIDER.format(protocol=protocol, base=base, auth=AUTH.get(protocol, "bearer"))
            write_own_file(os.path.join(paths.providers, "acme.toml"), text.encode())
            add_profile(paths, "work", "", provider="acme", models=dict.fromkeys(MAIN_ROLES, MODEL))
            verdicts.append(ask(gateway))
            assert questions(gateway, protocol), "nothing was asked: this proves nothing"
            remove(paths, "work")
    return verdicts[0], verdicts[1]


def our_verdict(paths: Paths, target: str, *, hangs: bool = False) -> Verdict:
    """The live test's verdict on the profile ``work``; it is impatient only where nothing can be slow."""
    plan = plan_of_profile(paths, "work", target_id=target)
    plan = replace(plan, timeouts=IMPATIENT if hangs else WITHOUT_PAUSE)
    return asyncio.run(run_probe(plan, lambda _: None)).verdict


def questions(gateway: Misbehaving, protocol: Protocol) -> int:
    """How often the gateway was asked for an answer in this protocol."""
    return sum(protocol_of(seen) == protocol for seen in list(gateway.seen))


def once(script: Script) -> Script:
    """A gateway that fails at the first question, whatever lists of models were asked for before."""
    asked: list[Talk] = []
    good = FourProtocols("")

    def play(talk: Talk) -> None:
        if protocol_of(talk.request) and not asked:
            asked.append(talk)
            return script(talk)
        return good(talk)

    return play
