"""The four protocols by their id."""

from __future__ import annotations

from collections.abc import Mapping

from ccswitch_py.model.protocol import Protocol
from ccswitch_py.probe.protocols.base import WireProtocol
from ccswitch_py.probe.protocols.chat import CHAT
from ccswitch_py.probe.protocols.gemini import GEMINI
from ccswitch_py.probe.protocols.messages import MESSAGES
from ccswitch_py.probe.protocols.responses import RESPONSES

PROTOCOLS: Mapping[Protocol, WireProtocol] = {one.id: one for one in (MESSAGES, RESPONSES, CHAT, GEMINI)}
