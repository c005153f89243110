from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from tests.support.home import add_profile
from tests.support.programs import BIN

AT_THE_END = """\
import ctypes, json, os, resource, sys
from {module} import {function}

def end(code):
    limit, _hard = resource.getrlimit(resource.RLIMIT_CORE)
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
    print(json.dumps([limit, dumpable, "SSLKEYLOGFILE" in os.environ]), file=sys.stderr)

os._exit = end
sys.argv = ["program", *{argv!r}]
{function}()
end(0)
"""
LOOK_AT_PARENT = """\
import json, os, pathlib, sys
of_parent = pathlib.Path("/proc", str(os.getppid()))
limit = next(line for line in (of_parent / "limits").read_text().splitlines() if line.startswith("Max core"))
pathlib.Path(sys.argv[1]).write_text(json.dumps([limit.split()[4], "SSLKEYLOGFILE" in os.environ]))
print("made-up-key-0123456789")
"""


def allow_core_dumps() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
@pytest.mark.parametrize(
    ("module", "function", "argv"),
    [
        ("ccswitch_py.cli.main", "entry", ["--version"]),
        ("ccswitch_py.key_command", "entry", ["--help"]),
        ("ccswitch_py.vault.library_process", "main", []),
    ],
)
def test_a_program_that_handles_keys_dumps_no_core_and_logs_no_tls_keys(
    module: str, function: str, argv: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_THE_END.format(module=module, function=function, argv=argv)],
        input='{"keyring": "macos-keychain", "act": "probe"}',
        env={**os.environ, "SSLKEYLOGFILE": str(tmp_path / "keys.log")},
        preexec_fn=allow_core_dumps,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stderr.splitlines()[-1]) == [0, 0, False]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
@pytest.mark.parametrize("argv", [["ccswitch-key", "work"], ["ccswitch", "run", "work", "--", "true"]])
def test_the_process_is_protected_before_it_gets_the_key(argv: list[str], paths: Paths, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    add_profile(paths, "work", key=KeyRef(command=(sys.executable, "-c", LOOK_AT_PARENT, str(seen))))
    subprocess.run(
        [str(BIN / argv[0]), *argv[1:]],
        env={**os.environ, "SSLKEYLOGFILE": str(tmp_path / "keys.log")},
        preexec_fn=allow_core_dumps,
        capture_output=True,
        check=True,
    )
    assert json.loads(seen.read_text()) == ["0", False]
