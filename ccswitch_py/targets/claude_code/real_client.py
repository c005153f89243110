"""Run the user's own Claude Code with a profile and judge its answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ccswitch_py.core.errors import NotFound, reason_of
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.judge.answer import judge_answer
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import WITH_CLAUDE, CheckResult
from ccswitch_py.redact.gateway_text import sanitize

TIMEOUT_S = 180.0
COMMAND: tuple[str, ...] = ("claude", "-p", "Answer with the word ready.")
RETRIES = "CLAUDE_CODE_MAX_RETRIES"
"""By default Claude Code retries a refused request ten times, for more than a minute."""

_ADVICE = N_("See its full output: ccswitch run {name} -- claude -p hello")


def find_claude() -> str:
    """The user's own program; raises ``NotFound``."""
    program = shutil.which("claude")
    if program is None:
        raise NotFound(_("'claude' was not found on the PATH."), _("Install Claude Code first."))
    return program


async def ask_claude_code(plan: ProbePlan, argv: Sequence[str], env: Mapping[str, str]) -> CheckResult:
    """Run ``claude -p`` in an empty folder, and judge what it prints.

    It sends a whole request of Claude Code, about 20,000 tokens. ``argv`` and ``env`` are those of ``ccswitch run`` for
    ``COMMAND``. Raises ``NotFound`` where there is no such program.
    """
    program = find_claude()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ccswitch-", ignore_cleanup_errors=True) as folder:
        try:
            code, output = await _run([program, *argv[1:]], env, folder)
        except OSError as error:
            detail = _("Claude Code cannot be started ({reason}).", reason=reason_of(error))
            return failed_row(plan, detail, _("Check that `claude --version` works in this terminal."))
    return _judge(plan, code, output, round((time.monotonic() - began) * 1000))


def failed_row(plan: ProbePlan, detail: str, advice: str) -> CheckResult:
    """The row for a Claude Code that was never started."""
    return _row(plan, Status.FAIL, Diagnosis.UPSTREAM_ERROR, detail, advice, 0)


def _judge(plan: ProbePlan, code: int | None, output: bytes, elapsed_ms: int) -> CheckResult:
    """The row for what Claude Code printed; ``code`` is its exit code, None after a timeout."""
    printed = _read_output(output)
    text = sanitize(printed.text, plan.key)
    if code == 0 and printed.text.strip() and not printed.is_error:
        detail = _("Claude Code answered: “{text}”", text=text)
        return _row(plan, Status.PASS, Diagnosis.OK, detail, "", elapsed_ms)
    diagnosis = Diagnosis.UPSTREAM_ERROR
    if code is None:
        diagnosis = Diagnosis.TIMEOUT
        detail = _("Claude Code did not finish within {seconds} seconds.", seconds=f"{TIMEOUT_S:g}")
    elif printed.text.strip():
        detail = _("Claude Code failed: “{text}”", text=text)
    else:
        detail = _("Claude Code printed nothing.")
    if code is not None and printed.http_status:
        answer = Response("", printed.http_status, body=bytearray(printed.text.encode("utf-8", "replace")))
        diagnosis = judge_answer(answer, plan.question(plan.models["main"])).diagnosis
    return _row(plan, Status.FAIL, diagnosis, detail, _(_ADVICE, name=plan.profile), elapsed_ms)


def _row(
    plan: ProbePlan, status: Status, diagnosis: Diagnosis, detail: str, advice: str, elapsed_ms: int
) -> CheckResult:
    model = plan.models["main"]
    return CheckResult(
        WITH_CLAUDE, status, diagnosis, detail, advice, model=model, roles=("main",), elapsed_ms=elapsed_ms
    )


class _Printed(NamedTuple):
    """What Claude Code printed, and the HTTP status of the error that it reports (0: none)."""

    text: str
    http_status: int = 0
    is_error: bool = False


def _read_output(output: bytes) -> _Printed:
    text = output.decode("utf-8", "replace")
    try:
        facts: Any = json.loads(text)
        if text.lstrip().startswith("["):
            facts = facts[-1]  # verbose output is a list of all events, the result last
        status = int(facts.get("api_error_status") or 0)
        return _Printed(str(facts.get("result") or ""), status, bool(facts.get("is_error")))
    except (ValueError, TypeError, AttributeError, IndexError):
        return _Printed(text)


async def _run(argv: Sequence[str], env: Mapping[str, str], folder: str) -> tuple[int | None, bytes]:
    """The exit code (None after a timeout), and what was printed."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        "--no-session-persistence",
        "--output-format",
        "json",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={RETRIES: "2", **env},
        cwd=folder,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            output, errors = await process.communicate()
    except TimeoutError:
        return None, b""
    finally:
        _kill(process)
    return process.returncode, output or errors


def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill the process group, unless the program has ended."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
