"""All layers that can set something for Claude Code in a folder, in the order in which they win."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ccswitch_py.targets.claude_code.settings import home_folder
from ccswitch_py.targets.claude_code.sources.layer import LayerKind, entry_of, layer_of
from ccswitch_py.targets.claude_code.sources.settings_files import settings_layers
from ccswitch_py.targets.claude_code.sources.start_files import start_layers
from ccswitch_py.targets.claude_code.variables import VARIABLES
from ccswitch_py.targets.explanation import Layer


def find_layers(folder: str, environ: Mapping[str, str], settings_file: str | None = None) -> list[Layer]:
    """What Claude Code, started in ``folder`` with this environment, takes in (see ``Layer.in_force``), and then what
    shells started later will have; of the latter only what sets something that we look for.

    Nothing is run, and it never fails: what cannot be read is told in the layer's ``problem``.
    """
    folder = os.path.abspath(folder)
    process = [entry_of(name, environ[name]) for name in VARIABLES if name in environ]
    return [
        *settings_layers(folder, environ, settings_file),
        layer_of(LayerKind.PROCESS, entries=process),
        *start_layers(folder, home_folder(environ), environ),
    ]
