"""Last results for tests, as old as a test wants them."""

import time

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.launches import load_record
from ccswitch_py.store.last_tests import StoredTest, fingerprint_of, save_last_test


def add_last_test(
    paths: Paths, name: str, verdict: str = "works", diagnosis: str | None = None, *, age_s: int = 7_200
) -> None:
    """A result of the profile as it is now; what was found is said of the model ``m1``."""
    values = {
        "verdict": verdict,
        "at": int(time.time()) - age_s,
        "diagnosis": diagnosis,
        "check": "model" if diagnosis else None,
        "model": "m1" if diagnosis else None,
        "requests": 2,
        "first_event_ms": None,
        "fingerprint": fingerprint_of(load_record(paths, name)),
        "quick": False,
    }
    save_last_test(paths, name, StoredTest(**values))
