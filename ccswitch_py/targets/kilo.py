"""Kilo: opencode under names of its own, with more files that override ours. Measured with 7.7.9."""

from __future__ import annotations

from ccswitch_py.targets.opencode import OpenCode


class Kilo(OpenCode):
    """Also reads opencode's files, but only those in its own folders and in projects."""

    id = "kilo"
    name = "Kilo"
    program = "kilo"
    settings_name = "kilo.json"
    variables = "KILO"
    file_names = (settings_name, "kilo.jsonc", "opencode.json", "opencode.jsonc")
    folder_names = (".kilo", ".kilocode", ".opencode")
