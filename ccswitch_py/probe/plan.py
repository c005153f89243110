"""The plan of one live test: gateway, credentials, models, depth and timeouts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.protocol import Protocol, Role
from ccswitch_py.probe.client_shape import ClientShape
from ccswitch_py.probe.judge.observation import Question
from ccswitch_py.probe.protocols.base import WireProtocol
from ccswitch_py.probe.protocols.table import PROTOCOLS
from ccswitch_py.redact.secret import Secret

SEARCH_BUDGET = 12
"""Requests that may be spent on finding what is refused and on asking for a tool again."""

CREDENTIAL_HEADERS = ("authorization", "x-api-key", "x-goog-api-key")


class Depth(StrEnum):
    """How much is tested: the stages up to the models, what a session needs, or everything."""

    QUICK = "quick"
    NORMAL = "normal"
    FULL = "full"


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds.

    ``read_s`` bounds each silence, before the answer and within it; ``retry_s`` is the pause before a retry;
    a stream that arrives all at once after ``buffered_s`` counts as buffered.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    whole_s: float = 90.0
    retry_s: float = 1.0
    buffered_s: float = 3.0

    def waiting(self, read_s: float) -> Timeouts:
        """Wait as long for the next byte, and a minute more for the whole answer."""
        return replace(self, read_s=read_s, whole_s=read_s + 60)


@dataclass(frozen=True)
class ProbePlan:
    """One profile's test.

    ``headers`` are the credential and extra headers exactly as the target sends them, ``path`` is what it appends to
    the base URL, ``target`` its id. The proxy is used only if named here. ``known_models`` looks up the ids of the
    provider's catalogue, for a hint only. ``fingerprint`` is that of a saved profile.
    """

    profile: str
    base_url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    key: Secret
    models: dict[Role, str]
    client: ClientShape = field(default_factory=ClientShape, repr=False)
    path: str = "/v1/messages"
    proxy: str | None = field(default=None, repr=False)
    depth: Depth = Depth.NORMAL
    known_models: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False)
    fingerprint: str = ""
    timeouts: Timeouts = Timeouts()
    protocol_id: Protocol = "messages"
    target: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """What the results of this test are called: the profile, with its target where several are tested."""
        return self.label or self.profile

    @property
    def protocol(self) -> WireProtocol:
        """What the target speaks."""
        return PROTOCOLS[self.protocol_id]

    @property
    def roles_by_model(self) -> dict[str, tuple[Role, ...]]:
        """Each distinct model once, in the order of the roles, with the roles that use it."""
        return {
            model: tuple(role for role, chosen in self.models.items() if chosen == model)
            for model in self.models.values()
        }

    @property
    def proxy_host(self) -> str:
        """The proxy's host and port without its credentials; empty for none."""
        return self.proxy.rpartition("@")[2].rpartition("//")[2].strip("/") if self.proxy else ""

    def url(self, endpoint: str = "", *, model: str = "", stream: bool = True) -> str:
        """The address of a question to a model (default: the first), or of an endpoint below it."""
        path, mark, query = self.path.partition("?")
        url = f"{BaseUrl(self.base_url)}{path}{endpoint}{mark}{query}"
        return self.protocol.address(url, model or next(iter(self.models.values()), ""), stream=stream)

    def question(self, model: str, max_input: int | None = None) -> Question:
        """A question to one of the models; raises ``BadInput`` for an unusable base URL."""
        key = self.key.reveal()
        sent = ((name.lower(), value) for name, value in self.headers)
        names = frozenset(name for name, value in sent if name not in CREDENTIAL_HEADERS or key in value)
        return Question(BaseUrl(self.base_url), model, self.client, names, max_input, self.protocol)


def extra_requests(plan: ProbePlan) -> int:
    """How many requests beyond the planned ones the test may send: retries, requests without streaming, searches."""
    return 2 * len(plan.roles_by_model) + (0 if plan.depth is Depth.QUICK else SEARCH_BUDGET)
