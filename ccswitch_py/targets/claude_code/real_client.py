"""Asks the user's own Claude Code with a profile's launch file: what no test of ours can say for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import tempfile
import time
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.errors import CcswitchError, NotFound, reason_of
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.role import Role
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.judge.classify import Question, classify
from ccswitch_py.probe.report import WITH_CLAUDE, CheckResult
from ccswitch_py.redact.gateway_text import sanitize
from ccswitch_py.services.run import prepare_run

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.services.run import ProcessSpec

PATIENCE_S = 180.0
ASKED = "Answer with the word ready."
RETRIES = "CLAUDE_CODE_MAX_RETRIES"
"""By itself Claude Code tries a refused request ten times, for more than a minute."""

_ADVICE = N_("See what it says in full: ccswitch run {name} -- claude -p hello")


def find_claude() -> str:
    """The user's own program; raises ``NotFound``."""
    program = shutil.which("claude")
    if program is None:
        raise NotFound(_("There is no program 'claude' on the PATH."), _("Install Claude Code first."))
    return program


async def ask_claude_code(paths: Paths, plan: ProbePlan) -> CheckResult:
    """One ``claude -p`` in an empty folder, and what it said.

    It sends a whole request of Claude Code, about 20,000 tokens. The key reaches it as always, through its helper.
    Raises ``NotFound`` where there is no such program.
    """
    program = find_claude()
    began = time.monotonic()
    try:
        prepared = await asyncio.to_thread(prepare_run, paths, plan.profile, ["claude", "-p", ASKED])
    except CcswitchError as problem:
        return _row(plan, Status.FAIL, Diagnosis.UPSTREAM_ERROR, problem.message, problem.hint, 0)
    with tempfile.TemporaryDirectory(prefix="ccswitch-", ignore_cleanup_errors=True) as folder:
        try:
            code, output = await _run(program, prepared, folder)
        except OSError as error:
            problem = _("Claude Code cannot be started ({reason}).", reason=reason_of(error))
            advice = _("Check that `claude --version` works in this terminal.")
            return _row(plan, Status.FAIL, Diagnosis.UPSTREAM_ERROR, problem, advice, 0)
    elapsed_ms = round((time.monotonic() - began) * 1000)
    return judge_claude_code(plan, code, output, elapsed_ms)


def judge_claude_code(plan: ProbePlan, code: int | None, output: bytes, elapsed_ms: int) -> CheckResult:
    """The row for what Claude Code printed; ``code`` is its exit code, None if it did not end in time."""
    said, status, is_error = _read(output)
    if code == 0 and said.strip() and not is_error:
        outcome, diagnosis, advice = Status.PASS, Diagnosis.OK, ""
        detail = _("Claude Code answered: “{text}”", text=sanitize(said, plan.key))
    else:
        outcome, advice = Status.FAIL, _(_ADVICE, name=plan.profile)
        diagnosis = Diagnosis.TIMEOUT if code is None else _diagnosis(plan, said, status)
        detail = _("Claude Code said nothing.")
        if code is None:
            detail = _("Claude Code did not end within {seconds} seconds.", seconds=f"{PATIENCE_S:g}")
        elif said.strip():
            detail = _("Claude Code said: “{text}”", text=sanitize(said, plan.key))
    return _row(plan, outcome, diagnosis, detail, advice, elapsed_ms)


def _row(
    plan: ProbePlan, status: Status, diagnosis: Diagnosis, detail: str, advice: str, elapsed_ms: int
) -> CheckResult:
    model, roles = plan.models[Role.MAIN], (Role.MAIN,)
    return CheckResult(WITH_CLAUDE, status, diagnosis, detail, advice, model=model, roles=roles, elapsed_ms=elapsed_ms)


def _diagnosis(plan: ProbePlan, said: str, status: int) -> Diagnosis:
    if not status:
        return Diagnosis.UPSTREAM_ERROR
    answer = Response("", status, body=bytearray(said.encode("utf-8", "replace")))
    return classify(answer, Question(BaseUrl(plan.base_url), plan.models[Role.MAIN])).diagnosis


def _read(output: bytes) -> tuple[str, int, bool]:
    """What Claude Code said, the HTTP status that it met (0: none), and whether that is an error."""
    text = output.decode("utf-8", "replace")
    try:
        facts: Any = json.loads(text)
        if text.lstrip().startswith("["):
            facts = facts[-1]  # with verbose output it is a list of all that happened, the result last
        return str(facts.get("result") or ""), int(facts.get("api_error_status") or 0), bool(facts.get("is_error"))
    except (ValueError, TypeError, AttributeError, IndexError):
        return text, 0, False


async def _run(program: str, prepared: ProcessSpec, folder: str) -> tuple[int | None, bytes]:
    process = await asyncio.create_subprocess_exec(
        program,
        *prepared.argv[1:],
        "--no-session-persistence",
        "--output-format",
        "json",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={RETRIES: "2", **prepared.env},
        cwd=folder,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            output, complaint = await process.communicate()
    except TimeoutError:
        return None, b""
    finally:
        _end(process)
    return process.returncode, output or complaint


def _end(process: asyncio.subprocess.Process) -> None:
    """End the program and all that it started, if it has not ended by itself."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
