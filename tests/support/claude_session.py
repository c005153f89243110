"""A Claude Code that stays open between questions, as in a user's terminal."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support.keyring_session import KeyringSession

MOST_QUESTIONS = 300


class RunningClaudeCode:
    """One process that is asked several times."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def say(self, text: str) -> None:
        """Ask, and wait until the answer is complete."""
        assert self._process.stdin and self._process.stdout
        message = {"type": "user", "message": {"role": "user", "content": text}}
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if json.loads(line).get("type") == "result":
                return
        raise AssertionError("Claude Code ended before it answered")

    def say_until(self, text: str, done: Callable[[], bool]) -> None:
        """Ask again until something has come of it: Claude Code notices a changed file when the system tells it."""
        for _ in range(MOST_QUESTIONS):
            self.say(text)
            if done():
                return
        raise AssertionError(f"nothing came of {MOST_QUESTIONS} questions")


@contextmanager
def running_claude_code(session: KeyringSession) -> Iterator[RunningClaudeCode]:
    """Start Claude Code in the session's project folder, and end it with the block."""
    command = ["claude", "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=session.environ,
        cwd=session.home / "project",
        text=True,
    ) as process:
        try:
            yield RunningClaudeCode(process)
        finally:
            process.kill()
