import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest

from tests.support.locks import LOCKS, ROOT

FORMATS = ("profile", "provider")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def only(wheel: zipfile.ZipFile, ending: str) -> str:
    (name,) = [one for one in wheel.namelist() if one.endswith(ending)]
    return wheel.read(name).decode()


def test_the_wheel_holds_the_providers_the_styles_the_languages_and_both_programs(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    programs = only(wheel, ".dist-info/entry_points.txt")
    shipped = {f"ccswitch_py/profiles/{file.name}" for file in (ROOT / "profiles").glob("*.toml")}
    styles = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py").rglob("*.tcss")}
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py").rglob("*.py")}
    languages = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py" / "core" / "locale").rglob("*.mo")}
    data = {"ccswitch_py/store/new_provider.toml", *(f"ccswitch_py/schemas/{name}.json" for name in FORMATS)}
    assert len(shipped) >= 78 and len(styles) >= 4 and languages
    assert shipped | styles | modules | languages | data <= names
    assert "ccswitch = ccswitch_py.cli.main:entry" in programs
    assert "ccswitch-key = ccswitch_py.key_command:entry" in programs
    assert not [name for name in names if name.startswith(("tests/", "scripts/"))]


def test_the_wheel_carries_its_bill(wheel: zipfile.ZipFile) -> None:
    assert only(wheel, ".dist-info/sboms/ccswitch.cdx.json") == (LOCKS / "ccswitch.cdx.json").read_text()
    assert ".dist-info/sboms/ccswitch.cdx.json," in only(wheel, ".dist-info/RECORD")


def test_the_wheel_carries_its_licence(wheel: zipfile.ZipFile) -> None:
    assert only(wheel, ".dist-info/licenses/LICENSE") == (ROOT / "LICENSE").read_text()
    metadata = only(wheel, ".dist-info/METADATA")
    assert "\nLicense-Expression: MIT\n" in metadata and "\nLicense-File: LICENSE\n" in metadata
