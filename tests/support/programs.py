"""The real programs, run as a user runs them, with nothing of the machine's own home in reach."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.requirements import skip_or_fail

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CLAUDE_CODE_VERSION = "2.1.330"
QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "CLAUDE_CODE_MAX_RETRIES": "1",
    # Claude Code refuses some modes for root, as which CI runs, unless it is told that this is a sandbox.
    "IS_SANDBOX": "1",
}


def claude_code() -> str:
    """The path of the pinned Claude Code, which `make test` installs."""
    packages = REPOSITORY / ".tools" / f"claude-code-{CLAUDE_CODE_VERSION}" / "node_modules" / "@anthropic-ai"
    # The package's own `claude` is put in place by an install script; the program of the platform needs none.
    program = next(packages.glob("claude-code-*/claude"), None)
    if program is None:
        skip_or_fail(f"Claude Code {CLAUDE_CODE_VERSION} is not installed (make test installs it where npm is)")
    return str(program)


def run_program(
    environ: Mapping[str, str], *command: str, given: str = "", folder: Path | None = None, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``code`` is the exit code that it must have (None: any)."""
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=dict(environ), cwd=folder, check=False, timeout=120
    )
    if code is not None and done.returncode != code:
        pytest.fail(f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


def ccswitch(environ: Mapping[str, str], *argv: str, given: str = "", code: int | None = 0) -> str:
    """Run ccswitch and return what it printed."""
    return run_program(environ, str(BIN / "ccswitch"), *argv, given=given, code=code).stdout
