"""``ccswitch`` with two more targets than it ships, for commands that change two or three files at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ccswitch_py.cli.main import main
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.targets.registry import TARGETS
from tests.support.sample_target import PROVIDER, SampleTool

if TYPE_CHECKING:
    from ccswitch_py.targets.base import Environment

SCRIPT = "from tests.support.several_targets import run; run()"


class YamlTool(SampleTool):
    """The same tool with its list in YAML."""

    id = "sample-yaml"
    name = "Sample in YAML"

    def live_files(self, env: Environment) -> tuple[LiveFile]:
        """One file with one entry of ours."""
        return (LiveFile(os.path.join(env["HOME"], ".sample", "config.yaml"), (PROVIDER,), "yaml"),)


def install() -> None:
    """Add the targets to the registry of this process."""
    for target in (SampleTool(), YamlTool()):
        TARGETS[target.id] = target


def run() -> None:
    """Run the command line of this process."""
    install()
    sys.exit(main(sys.argv[1:]))
