import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.pins import EVERYWHERE, Release, environment, licence, marker, needed, pins, roots
from scripts.sbom import Locked, locked
from tests.support.programs import CLAUDE_CODE_VERSION

ROOT = Path(__file__).parents[2]
PARTS = ("run", "build", "dev")
LOCKED = [one for part in PARTS for one in locked(part)]
OWN = {"ccswitch", "pip", "setuptools", "wheel"}
"""The project itself, and what a virtual environment has when it is new."""
NAMED_BY_THE_DESIGN = {"textual", "httpx", "pydantic", "tomlkit", "keyring", "platformdirs", "jeepney"}


def installed() -> dict[str, importlib.metadata.Distribution]:
    return {
        canonicalize_name(one.name): one
        for one in importlib.metadata.distributions()
        if canonicalize_name(one.name) not in OWN
    }


def here() -> dict[str, Locked]:
    return {one.name: one for one in LOCKED if not one.marker or Marker(one.marker).evaluate()}


def test_the_locks_hold_exactly_the_pins_and_every_file_has_a_hash() -> None:
    texts = "".join((ROOT / "locks" / f"{part}.txt").read_text() for part in PARTS)
    assert len(re.findall(r"^[\w-]+==", texts, re.M)) == len(LOCKED)
    assert {one.name: one.version for one in LOCKED} == pins()
    assert all(one.hashes for one in LOCKED)


def test_the_locks_name_no_place_that_they_come_from() -> None:
    for part in PARTS:
        text = (ROOT / "locks" / f"{part}.txt").read_text()
        assert "://" not in text and not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.M)


def test_what_is_installed_here_is_what_is_locked_for_here() -> None:
    assert {name: one.version for name, one in installed().items()} == {n: one.version for n, one in here().items()}


def test_what_each_system_and_python_needs_is_locked_for_it_once() -> None:
    releases = {name: Release(name, "", tuple(one.requires or []), "") for name, one in installed().items()} | {
        name: Release(name, "", (), "") for name in {*pins()} - {*installed()}
    }
    uses = [needed(wanted, releases) for wanted in roots().values()]
    for place in EVERYWHERE:
        wanted = {name for part in uses for name, use in part.items() if place in use.places}
        served = [one.name for one in LOCKED if not one.marker or Marker(one.marker).evaluate(environment(place))]
        assert len(served) == len(set(served))
        # a release that is not installed here cannot say what else it needs
        assert wanted <= {*served}


def test_the_locks_say_under_which_licence_a_release_comes() -> None:
    for name, one in installed().items():
        said = one.metadata.get_all("Classifier") or []
        assert licence(one.metadata.get("License-Expression"), one.metadata.get("License"), said) in {
            locked_one.licence for locked_one in LOCKED if locked_one.name == name
        }


def test_ccswitch_depends_on_what_the_design_names_and_on_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {Requirement(one).name for one in project["dependencies"]} == NAMED_BY_THE_DESIGN


def test_every_requirement_of_the_project_is_pinned_as_in_the_locks() -> None:
    for one in (Requirement(text) for part in roots().values() for text in part):
        assert str(one.specifier) == f"=={pins()[canonicalize_name(one.name)]}", one.name


@pytest.mark.parametrize(
    ("system", "pythons", "words"),
    [
        ({"linux", "darwin", "win32"}, 4, ""),
        ({"linux"}, 4, 'sys_platform == "linux"'),
        ({"darwin", "win32"}, 4, 'sys_platform != "linux"'),
        ({"linux"}, 1, 'sys_platform == "linux" and python_version < "3.12"'),
    ],
)
def test_where_a_release_is_needed_has_words_that_mean_just_that(system: set[str], pythons: int, words: str) -> None:
    places = frozenset((one, f"3.{11 + minor}") for one in system for minor in range(pythons))
    assert marker(places) == words
    if words:
        assert {place for place in EVERYWHERE if Marker(words).evaluate(environment(place))} == places


def test_a_file_whose_bytes_are_not_those_of_the_lock_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "harmless-1.0-py3-none-any.whl"
    pack(wheel, "print('harmless')")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"harmless==1.0 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n")
    assert install(lock, tmp_path).returncode == 0
    pack(wheel, "print('no longer')")
    refused = install(lock, tmp_path)
    assert refused.returncode != 0 and "DO NOT MATCH THE HASHES" in refused.stderr


def pack(wheel: Path, code: str) -> None:
    info = "harmless-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("harmless.py", code)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: harmless\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"harmless.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


def install(lock: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--no-index", "--no-deps", "--require-hashes"]
    command += [
        "--find-links",
        str(folder),
        "--no-cache-dir",
        "--upgrade",
        "--target",
        str(folder / "there"),
        "-r",
        str(lock),
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean)


def test_make_installs_only_what_is_locked_and_the_project_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.findall(r"^INSTALL := .*(?= --no-deps$)", makefile, re.M)
    assert re.findall(r"^LOCKED := --require-hashes ", makefile, re.M)
    installs = set(re.findall(r"^\t\$\(INSTALL\) (.*)$", makefile, re.M))
    assert installs == {"$(LOCKED)", "$(LOCKED) -r locks/dev.txt", "--no-build-isolation -e ."}
    assert makefile.count("pip install") == 1


def test_the_claude_code_of_the_tests_is_locked_with_its_hashes() -> None:
    folder = ROOT / "locks" / "claude-code"
    (wanted,) = json.loads((folder / "package.json").read_text())["dependencies"].values()
    text = (folder / "package-lock.json").read_text()
    packages = [one for name, one in json.loads(text)["packages"].items() if name]
    assert wanted == CLAUDE_CODE_VERSION
    assert packages and all(one["version"] == wanted and one["integrity"].startswith("sha512-") for one in packages)
    assert "://" not in text
    assert "npm ci " in (ROOT / "scripts" / "tools.sh").read_text()
