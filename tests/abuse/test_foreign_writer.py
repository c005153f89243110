"""Another program rewrites the file all the time, without a lock, while profiles are switched."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from tests.support.home import add_profile

SECONDS, SWITCHES = (60, 0) if os.environ.get("CCSWITCH_ABUSE") == "full" else (0, 12)
MOST_REFUSED = 100
WAYS = {
    # as Claude Code does it: written beside the file, then renamed
    "renaming": "new = path + '.theirs'; open(new, 'w').write(text); os.replace(new, path)",
    # as a simple script does it, so that a reader can meet half of it
    "in place": "open(path, 'w').write(text)",
}
WRITER = """
import json, os, sys, time
path, own, rounds, lost, older = sys.argv[1], {{}}, 0, 0, 0
while not os.path.exists(path + ".stop"):
    content = json.load(open(path))
    theirs = content.setdefault("foreign", {{}})
    lost += len(own.keys() - theirs.keys()) + (content.get("theme") != "dark") + (content["env"].get("MY_OWN") != "1")
    older += own != theirs
    rounds += 1
    content["foreign"] = own = {{**theirs, f"k{{rounds % 20}}": rounds}}
    text = json.dumps(content, indent=2)
    {way}
    time.sleep({pause_s})
print(json.dumps([rounds, lost, older]))
"""


@pytest.mark.parametrize("pause_s", [0, 0.003])
@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_writes_in_a_loop_loses_no_key_and_is_told_of_honestly(
    paths: Paths, settings: Path, way: str, pause_s: float, record_property: Callable[[str, object], None]
) -> None:
    settings.write_text(json.dumps({"theme": "dark", "env": {"MY_OWN": "1"}}, indent=2))
    add_profile(paths, "a")
    add_profile(paths, "b")
    program = WRITER.format(way=WAYS[way], pause_s=pause_s)
    writer = subprocess.Popen([sys.executable, "-c", program, str(settings)], stdout=subprocess.PIPE)
    began, done, refused = time.monotonic(), 0, 0
    while writer.poll() is None and (
        time.monotonic() - began < SECONDS
        or done + refused < SWITCHES
        or (pause_s and not done and refused < MOST_REFUSED)
    ):
        name = "ab"[(done + refused) % 2]
        command = [sys.executable, "-m", "ccswitch_py", "use", name]
        ended = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
        if ended.returncode == 0:
            assert ended.stdout.startswith((f"{name} is in use", f"{name} is already in use")), ended
            done += 1
        else:
            assert (ended.returncode, ended.stdout) == (5, ""), ended
            assert "keeps changing" in ended.stderr or (way == "in place" and ", line " in ended.stderr), ended
            refused += 1
    Path(f"{settings}.stop").touch()
    said = writer.communicate()[0]
    assert writer.returncode == 0, "the other program met half a file"
    rounds, lost, older = json.loads(said)
    record_property(
        "counted",
        f"foreign writer ({way}, pause {pause_s} s): {rounds} writes, {done} switches, {refused} refused, "
        f"{lost} lost keys, {older} older values",
    )
    assert not lost
    assert rounds and (done or not pause_s), "with a pause some switches must come through"
    os.remove(f"{settings}.stop")
    use(paths, "a")
    off(paths)
    content = json.loads(settings.read_text())
    assert content.keys() == {"theme", "env", "foreign"} and content["env"] == {"MY_OWN": "1"}
    assert sorted(os.listdir(settings.parent)) == ["settings.json"]
