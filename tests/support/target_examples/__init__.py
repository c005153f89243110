"""What the contract tests know of each target: one module each, named after the target, with an ``EXAMPLE``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from ccswitch_py.targets.base import Target

PROVIDER = """
schema = 2
id = "{id}"
name = "{id}"
source = "a test"
checked = 2026-01-01

[endpoints.messages]
base_url = "{base}"

[endpoints.responses]
base_url = "{base}/v1"
auth = "bearer"

[endpoints.chat]
base_url = "{base}/v1"
auth = "bearer"

[endpoints.gemini]
base_url = "{base}"
auth = "x-goog-api-key"
"""

PASSED_VARIABLE = "CCSWITCH_API_KEY_1A2B3C4D"


class Example(NamedTuple):
    """A target, live files as users have them, and a ``broken`` one with the ``line`` of its error.

    ``golden`` is what ``use`` writes where there is no file, and ``more_golden`` the same for the tool's further files.
    ``KEY_COMMAND`` stands for the first word of the key command, ``KEY_PROGRAM`` for the installed program.
    ``PASSED_VARIABLE`` stands for the variable with the key.
    """

    target: Target
    texts: tuple[str, ...]
    broken: str
    line: int
    golden: str = ""
    more_golden: tuple[str, ...] = ()

    @property
    def goldens(self) -> tuple[str, ...]:
        """One for each live file."""
        return (self.golden, *self.more_golden) if self.golden else ()


def load_examples() -> dict[str, Example]:
    """The examples by the id of their target."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.EXAMPLE.target.id: module.EXAMPLE for module in modules}
