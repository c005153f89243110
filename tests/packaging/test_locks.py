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
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.locks import LOCKS, ROOT, locked
from tests.support.programs import CLAUDE_CODE_VERSION

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
REQUIREMENTS = {
    "run": PYPROJECT["project"]["dependencies"],
    "build": PYPROJECT["build-system"]["requires"],
    "dev": [one for one in PYPROJECT["dependency-groups"]["dev"] if isinstance(one, str)],
    "lock": PYPROJECT["dependency-groups"]["lock"],
}
NEVER_LOCKED = {"ccswitch", "setuptools", "wheel"}
"""The project itself, and what a new virtual environment has."""
NAMED_BY_THE_DESIGN = {
    "textual",
    "httpx",
    "pydantic",
    "tomlkit",
    "keyring",
    "platformdirs",
    "jeepney",
    "PyYAML",
    "python-dotenv",
}


def test_every_locked_requirement_is_one_version_with_hashes() -> None:
    versions: dict[str, set[str]] = {}
    for name in REQUIREMENTS:
        for one in locked(name):
            assert one.hashes and re.fullmatch("==[^*,]+", str(one.requirement.specifier)), one
            versions.setdefault(one.name, set()).add(one.version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_locks_name_no_host_and_carry_no_options() -> None:
    files = [file for file in LOCKS.rglob("*") if file.is_file()]
    assert {f"{name}.txt" for name in REQUIREMENTS} < {file.name for file in files}
    for file in files:
        text = file.read_text().replace('"$schema": "http://cyclonedx.org/', "")
        assert "://" not in text, file
        assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.M), file


def test_what_is_installed_here_is_what_is_locked_for_here() -> None:
    installed = {canonicalize_name(one.name): one.version for one in importlib.metadata.distributions()}
    assert {name: version for name, version in installed.items() if name not in NEVER_LOCKED} == {
        one.name: one.version for one in locked("dev") if one.is_needed_here
    }


def test_the_lock_for_developing_has_all_that_running_and_building_need() -> None:
    assert {one.name for one in (*locked("run"), *locked("build"))} <= {one.name for one in locked("dev")}


def test_ccswitch_depends_on_what_the_design_names_and_on_nothing_else() -> None:
    assert {Requirement(one).name for one in REQUIREMENTS["run"]} == NAMED_BY_THE_DESIGN


def test_every_requirement_of_the_project_is_pinned_as_in_its_lock() -> None:
    assert set(REQUIREMENTS["build"]) < set(PYPROJECT["dependency-groups"]["build"])
    for name, requirements in REQUIREMENTS.items():
        pins = {one.name: str(one.requirement.specifier) for one in locked(name)}
        for one in map(Requirement, requirements):
            assert str(one.specifier) == pins[canonicalize_name(one.name)], one.name


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
    commands = re.findall(r'^\t@\$\(INSTALL\) "[^"]+" (.*)$', makefile, re.M)
    assert len(commands) == makefile.count("$(INSTALL)") >= 4
    for command in commands:
        assert command == "--no-build-isolation -e ." or re.fullmatch(
            r"--require-hashes( -r locks/(run|build|dev|lock|gateways)\.txt)+", command
        )
    assert "pip install" not in makefile
    assert re.findall("pip install .*", (ROOT / "scripts" / "install.sh").read_text())[-1].endswith(
        '--no-deps "$@" || echo failed'
    )


@pytest.mark.parametrize("package", ["claude-code", "claude-code-router"])
def test_what_the_tests_take_from_npm_is_locked_with_its_hashes(package: str) -> None:
    folder = ROOT / "locks" / package
    (wanted,) = json.loads((folder / "package.json").read_text())["dependencies"].values()
    text = (folder / "package-lock.json").read_text()
    packages = [one for name, one in json.loads(text)["packages"].items() if name]
    assert package != "claude-code" or wanted == CLAUDE_CODE_VERSION
    assert packages and all(one["version"] == wanted and one["integrity"].startswith("sha512-") for one in packages)
    assert "://" not in text
    assert "npm ci " in (ROOT / "scripts" / "tools.sh").read_text()
