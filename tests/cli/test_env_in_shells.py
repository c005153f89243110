import os
import shutil
import subprocess

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.programs import ccswitch
from tests.support.requirements import require

KEY = "made-up-key-0123456789"
SWITCH = "CLAUDE_CODE_EFFORT_LEVEL"
HOSTILE = """it's "$HOME" `id` $(id) \\ \\' %PATH% ^ & | ; < > ( ) { } * ? ~ # ! \\"""
SHELLS = {"sh": "posix", "bash": "posix", "fish": "fish"}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_the_values_of_the_profile_as_they_are(shell: str, paths: Paths) -> None:
    require(shell)
    add_profile(paths, "work", options=ClaudeCodeOptions(switches={SWITCH: HOSTILE}))
    lines = ccswitch(os.environ, "env", "work", "--shell", SHELLS[shell])
    done = subprocess.run(
        [shutil.which(shell) or shell, "-c", f'{lines}\nprintf \'%s\\n\' "$ANTHROPIC_AUTH_TOKEN" "${SWITCH}"'],
        env={**os.environ, KEY_VARIABLE: KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [KEY, HOSTILE]
