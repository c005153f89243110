"""``make bench``: what the quick commands cost, as ratios to a bare program of the same venv.

Runs are interleaved and medians are compared, because the machine's own speed drifts.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ccswitch_py.core.files import write_own_file  # noqa: E402
from ccswitch_py.core.paths import Paths, find_paths  # noqa: E402
from ccswitch_py.redact.secret import Secret  # noqa: E402
from tests.support.home import add_profile  # noqa: E402
from tests.support.keyring_session import gnome_keyring_session  # noqa: E402
from tests.support.target_examples import PROVIDER  # noqa: E402

BIN = Path(sys.executable).parent
RUNS = 21


def whole_process_ms(command: list[str], environment: dict[str, str]) -> float:
    """One run from exec to exit, in milliseconds."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return (time.perf_counter() - start) * 1000


def medians(cases: dict[str, Callable[[], float]], runs: int = RUNS) -> dict[str, float]:
    """The median of each case over interleaved runs, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for run in range(runs + 1):
        for name, measure in cases.items():
            elapsed = measure()
            if run:
                times[name].append(elapsed)
    return {name: statistics.median(values) for name, values in times.items()}


def row(name: str, value: float, base: float, limit: float | None) -> None:
    """One line of the report."""
    ratio = value / base
    verdict = "" if limit is None else f"  limit {limit} ×  {'ok' if ratio <= limit else 'TOO SLOW'}"
    print(f"{name:<34}{value:8.1f} ms{ratio:8.2f} ×{verdict}")


def large_settings_ratio(ccswitch: str, environment: dict[str, str]) -> None:
    """Measure the CPU time of a switch with settings of 7 MB and 300,000 members against reading them with ``json``."""
    settings = Path(environment["HOME"], ".claude", "settings.json")
    text = json.dumps({f"member_{number:06d}": number for number in range(300_000)})

    def reading() -> float:
        start = time.process_time()
        json.loads(settings.read_bytes())
        return (time.process_time() - start) * 1000

    def switching() -> float:
        settings.write_text(text)
        os.utime(settings, (0, 0))
        start = os.times()
        whole_process_ms([ccswitch, "use", "a"], environment)
        end = os.times()
        return (end.children_user - start.children_user + end.children_system - start.children_system) * 1000

    settings.parent.mkdir(exist_ok=True)
    found = medians({"use, 300,000 members": switching, "reading them with json": reading}, runs=3)
    row("ccswitch use, 300,000 members", found["use, 300,000 members"], found["reading them with json"], 10)


def three_targets_ratio(ccswitch: str, environment: dict[str, str], paths: Paths) -> None:
    """Measure a switch of three tools against a switch of one, by profiles of their own."""
    for name in "cdef":
        provider = PROVIDER.format(id=name, base=f"https://{name}.example")
        write_own_file(f"{paths.providers}/{name}.toml", provider.encode())
        add_profile(paths, name, "", provider=name, key=Secret("made-up-key-for-the-bench-0123456789"))

    def switching(profiles: str, *targets: str) -> Callable[[], float]:
        names = cycle(profiles)  # that remember these targets, so that no profile is written again
        options = [word for target in targets for word in ("--target", target)]
        return lambda: whole_process_ms([ccswitch, "use", next(names), *options], environment)

    three = ("claude-code", "codex", "pi")
    found = medians({"one": switching("cd", "claude-code"), "three": switching("ef", *three)})
    row("ccswitch use, three targets", found["three"], found["one"], 1.6)


def main() -> None:
    """Measure and print."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "ccswitch_py")], check=True)
    python, ccswitch = str(BIN / "python"), str(BIN / "ccswitch")
    with gnome_keyring_session() as session:
        home = session.home
        environment = {**session.environ, "CCSWITCH_HOME": f"{home}/ccswitch"}
        os.environ.update(environment)
        paths = find_paths()
        add_profile(paths, "a", key=Secret("made-up-key-for-the-bench-0123456789"))
        add_profile(paths, "b", key=Secret("made-up-key-for-the-bench-9876543210"))
        names = iter(["a", "b"] * RUNS * 4)

        def quick(*command: str) -> float:
            return whole_process_ms(list(command), environment)

        found = medians(
            {
                "python -c pass": lambda: quick(python, "-c", "pass"),
                "ccswitch use (a real switch)": lambda: quick(ccswitch, "use", next(names)),
                "ccswitch-key (gnome-keyring)": lambda: quick(str(BIN / "ccswitch-key"), "a"),
                "the same as apiKeyHelper": lambda: quick(
                    python, "-I", "-m", "ccswitch_py.key_command", "--claude-code", "--project", "a"
                ),
                "ccswitch list": lambda: quick(ccswitch, "list"),
                "ccswitch targets": lambda: quick(ccswitch, "targets"),
                "ccswitch --version": lambda: quick(ccswitch, "--version"),
            }
        )
        base = found["python -c pass"]
        limits = {
            "ccswitch use (a real switch)": 2.5,
            "ccswitch-key (gnome-keyring)": 3.2,
            "the same as apiKeyHelper": 3.2,
            "ccswitch targets": 4,
        }
        for name, value in found.items():
            row(name, value, base, limits.get(name))
        three_targets_ratio(ccswitch, environment, paths)
        large_settings_ratio(ccswitch, environment)


if __name__ == "__main__":
    main()
