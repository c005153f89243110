"""What one live test will do: whom it asks, as whom, which models, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ccswitch_py.probe.checks import FURTHER_CHECKS

if TYPE_CHECKING:
    from ccswitch_py.model.role import Role
    from ccswitch_py.probe.checks import FurtherCheck
    from ccswitch_py.vault.secret import Secret


@dataclass(frozen=True)
class Patience:
    """How long the test waits, in seconds."""

    connect_s: float = 10.0
    first_byte_s: float = 30.0
    between_s: float = 30.0
    whole_s: float = 90.0


class Depth(StrEnum):
    """How much is asked: up to the models, what a session needs, or everything."""

    QUICK = "quick"
    NORMAL = "normal"
    FULL = "full"


@dataclass(frozen=True)
class ProbePlan:
    """One profile's test.

    ``headers`` are the credential and extra headers exactly as the target will send them. The proxy is used only if
    named here.
    """

    profile: str
    base_url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    key: Secret
    models: dict[Role, str]
    proxy: str | None = field(default=None, repr=False)
    depth: Depth = Depth.NORMAL
    patience: Patience = Patience()

    @property
    def roles_by_model(self) -> dict[str, tuple[Role, ...]]:
        """Each distinct model once, in the order of the roles, with the roles that use it."""
        return {
            model: tuple(role for role, chosen in self.models.items() if chosen == model)
            for model in self.models.values()
        }

    @property
    def further_checks(self) -> tuple[FurtherCheck, ...]:
        """What is asked once a model has answered."""
        return () if self.depth is Depth.QUICK else FURTHER_CHECKS


def requests_planned(plan: ProbePlan) -> int:
    """How many requests the test will send at most."""
    return len(plan.roles_by_model) + sum(check.requests for check in plan.further_checks)
