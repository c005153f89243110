import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.sbom import SBOM, bill

ROOT = Path(__file__).parents[2]
BILL = json.loads(SBOM.read_text())


def test_the_bill_is_the_one_that_the_lock_gives() -> None:
    assert SBOM.read_text() == bill()


def test_the_bill_has_what_a_reader_of_cyclonedx_expects() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    whole = BILL["metadata"]["component"]
    assert (whole["type"], whole["name"], whole["version"]) == ("application", "ccswitch", version("ccswitch"))
    for one in BILL["components"]:
        assert one["type"] == "library" and one["purl"] == one["bom-ref"] == f"pkg:pypi/{one['name']}@{one['version']}"
        assert one["hashes"] and all(
            h["alg"] == "SHA-256" and re.fullmatch(r"[0-9a-f]{64}", h["content"]) for h in one["hashes"]
        )
        assert one["licenses"] != [{"license": {"name": "unknown"}}]
    references = [whole["bom-ref"], *(one["bom-ref"] for one in BILL["components"])]
    assert len(references) == len({*references})
    assert [one["ref"] for one in BILL["dependencies"]] == references
    assert {name for one in BILL["dependencies"] for name in one["dependsOn"]} == {*references[1:]}


def test_the_bill_has_nothing_that_differs_from_one_making_to_the_next() -> None:
    assert "serialNumber" not in BILL and "timestamp" not in BILL["metadata"]


def test_the_bill_lists_all_that_ccswitch_brings_with_it_here() -> None:
    def is_here(one: dict[str, list[dict[str, str]]]) -> bool:
        return all(Marker(said["value"]).evaluate() for said in one.get("properties", []))

    listed = {one["name"]: one["version"] for one in BILL["components"] if is_here(one)}
    assert listed == closure("ccswitch")


def test_the_bill_lists_all_that_any_system_needs() -> None:
    text = (ROOT / "locks" / "run.txt").read_text()
    assert [f"{one['name']}=={one['version']}" for one in BILL["components"]] == re.findall(r"^[\w-]+==\S+", text, re.M)


def closure(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = [(name, frozenset({""}))]
    while waiting:
        parent, extras = waiting.pop()
        for one in map(Requirement, distribution(parent).requires or []):
            known = canonicalize_name(one.name)
            wanted = any(not one.marker or one.marker.evaluate({"extra": extra}) for extra in extras)
            if wanted and known not in found:
                found[known] = version(known)
                waiting.append((known, frozenset({"", *one.extras})))
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_its_bill(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if "/sboms/" in one]
        assert name.endswith(".dist-info/sboms/ccswitch.cdx.json")
        assert archive.read(name).decode() == SBOM.read_text()
        assert name in archive.read(name.replace("sboms/ccswitch.cdx.json", "RECORD")).decode()
