"""Programs that a test needs for real: without them it is skipped at home, and fails where all must be there."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def require(*programs: str) -> None:
    """Skip the test when a program is missing, but fail it in CI, where nothing may go untested unnoticed."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        skip_or_fail(f"not installed: {', '.join(missing)}")


def skip_or_fail(reason: str) -> NoReturn:
    """End the test that cannot run here: skipped, or failed in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
