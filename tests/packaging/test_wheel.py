import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_the_providers_the_styles_the_languages_and_both_programs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        programs = next(archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    shipped = {f"ccswitch_py/profiles/{file.name}" for file in (ROOT / "profiles").glob("*.toml")}
    styles = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py").rglob("*.tcss")}
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py").rglob("*.py")}
    languages = {file.relative_to(ROOT).as_posix() for file in (ROOT / "ccswitch_py" / "core" / "locale").rglob("*.mo")}
    assert len(shipped) >= 2 and len(styles) >= 4 and languages
    assert shipped | styles | modules | languages <= names
    assert "ccswitch = ccswitch_py.cli.main:entry" in programs
    assert "ccswitch-key = ccswitch_py.key_command:entry" in programs
    assert not [name for name in names if name.startswith(("tests/", "scripts/"))]
