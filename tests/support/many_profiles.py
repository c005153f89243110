"""Very many profiles for a test or a bench, faster than the program's own job makes them."""

from __future__ import annotations

from pathlib import Path

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import MAIN_ROLES
from tests.support.home import add_profile

FIRST = "p00000"


def add_many_profiles(paths: Paths, count: int) -> None:
    """``p00000``, ``p00001`` ... with records as they are; a launch file is written when it is first needed."""
    add_profile(paths, FIRST, "https://gateway.example/anthropic", models=dict.fromkeys(MAIN_ROLES, "gpt-5.4-low"))
    profile = Path(paths.profile(FIRST)).read_bytes()
    record = Path(paths.launch_record(FIRST)).read_text()
    for number in range(1, count):
        name = f"p{number:05}"
        Path(paths.profile(name)).write_bytes(profile)
        Path(paths.launch_record(name)).write_text(record.replace(FIRST, name))
