"""The last live test of each profile: its result in the store, and in words with its age."""

from __future__ import annotations

import time
from contextlib import suppress

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_clauses, ngettext
from ccswitch_py.services.launches import load_record
from ccswitch_py.store.last_tests import StoredTest, fingerprint_of, forget_last_test, load_last_test, save_last_test

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.probe.report import ProfileReport

GOOD = ("works", "degraded")
VERDICTS = {"works": N_("works"), "degraded": N_("degraded"), "broken": N_("broken"), "untestable": N_("untestable")}
SIGNS = {"works": "✓", "degraded": "!", "broken": "✗", "untestable": "?"}
_MINUTE_S, _HOUR_S, _DAY_S, _MONTH_S = 60, 3_600, 86_400, 30 * 86_400


class LastTest:
    """The last test's result; ``at`` is in seconds since the epoch.

    ``edited_since``: the profile, or its key in the keyring, has changed since.
    """

    def __init__(self, stored: StoredTest, *, edited_since: bool) -> None:
        self.verdict = stored.verdict
        self.at = stored.at
        self.diagnosis = stored.diagnosis
        self.check = stored.check
        self.model = stored.model
        self.quick = stored.quick
        self.edited_since = edited_since

    def as_json(self) -> dict[str, Any]:
        """The result for ``--json``."""
        return {**vars(self), "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.at))}

    @property
    def sign(self) -> str:
        """One character for the verdict."""
        return SIGNS[self.verdict]

    @property
    def age(self) -> str:
        """How long ago that was, and whether the profile was edited since: "2 h ago, edited since"."""
        return join_clauses(age_words(time.time() - self.at), _("edited since") if self.edited_since else "")

    @property
    def in_short(self) -> str:
        """For a narrow place: "✓ works, 2 h ago", "✗ model_not_found, 5 min ago"."""
        verdict = _(VERDICTS[self.verdict])
        said = verdict if self.verdict in GOOD else self.diagnosis or verdict
        return join_clauses(self._signed(said), self.age)

    @property
    def in_full(self) -> str:
        """In full: "✗ broken: model_not_found (model gpt-5.4), 5 min ago"."""
        said = self._signed(_(VERDICTS[self.verdict]))
        if self.diagnosis:
            subject = f"{self.check} {self.model}" if self.model else self.check
            said = _("{verdict}: {diagnosis} ({subject})", verdict=said, diagnosis=self.diagnosis, subject=subject)
        return join_clauses(said, self.age)

    def _signed(self, said: str) -> str:
        signed = f"{self.sign} {said}"
        return _("{verdict} (quick)", verdict=signed) if self.quick else signed


def last_test(paths: Paths, record: LaunchRecord) -> LastTest | None:
    """What the last test of a profile found; None if it was never tested."""
    stored = load_last_test(paths, record.profile)
    return LastTest(stored, edited_since=stored.fingerprint != fingerprint_of(record)) if stored else None


def remember(paths: Paths, report: ProfileReport, fingerprint: str, *, quick: bool = False) -> None:
    """Store the result of a saved profile's test; ``fingerprint`` is the profile's when the test began.

    A quick test that found nothing wrong does not replace a complete one of the same profile. A write error is ignored.
    """
    before = load_last_test(paths, report.name)
    if quick and before and not before.quick and before.fingerprint == fingerprint and report.verdict in GOOD:
        return
    from ccswitch_py.probe.report import deciding_check

    worst = deciding_check(report.checks)
    timing = next((check.timing for check in report.checks if check.timing), None)
    with suppress(CcswitchError, OSError):
        result = StoredTest(
            verdict=report.verdict.value,
            at=int(time.time()),
            diagnosis=worst.diagnosis.value if worst and worst.diagnosis else None,
            check=worst.check if worst else None,
            model=worst.model if worst else None,
            requests=report.requests,
            first_event_ms=timing["first_event_ms"] if timing else None,
            fingerprint=fingerprint,
            quick=quick,
        )
        save_last_test(paths, report.name, result)


def move_last_test(paths: Paths, name: str, new_name: str) -> None:
    """Move the result of a renamed profile; the new name alone does not count as an edit."""
    stored = load_last_test(paths, name)
    if stored is None:
        return
    with suppress(CcswitchError, OSError):
        if stored.fingerprint == fingerprint_of(load_record(paths, name)):
            stored = stored.replace(fingerprint=fingerprint_of(load_record(paths, new_name)))
        save_last_test(paths, new_name, stored)


def forget_test(paths: Paths, name: str) -> None:
    """Delete the result of a removed profile."""
    with suppress(OSError):
        forget_last_test(paths, name)


def age_words(seconds: float) -> str:
    """How long ago something was; "just now" if the clock was set back."""
    if seconds < _MINUTE_S:
        return _("just now")
    if seconds < _HOUR_S:
        return _("{count} min ago", count=int(seconds // _MINUTE_S))
    if seconds < _DAY_S:
        return _("{count} h ago", count=int(seconds // _HOUR_S))
    if seconds < _MONTH_S:
        return ngettext("{count} day ago", "{count} days ago", int(seconds // _DAY_S))
    return ngettext("{count} month ago", "{count} months ago", int(seconds // _MONTH_S))
