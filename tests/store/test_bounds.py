from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.store.toml import parse_toml
from tests.support.home import add_profile
from tests.support.odd_files import a_huge_file

HOSTILE = {
    "arrays": "schema = 2\nx = " + "[" * 1500 + "]" * 1500,
    "inline tables": "schema = 2\nx = " + "{a = " * 1000,
    "dotted keys": "schema = 2\n" + "a." * 100_000 + "a = 1",
    "a dotted heading": "schema = 2\n[" + "a." * 100_000 + "a]",
    "quoted dotted keys": "schema = 2\n" + '"a" . ' * 50_000 + "a = 1",
    "an integer": "schema = 2\nx = " + "9" * 4000,
    "an integer that Python does not convert": "schema = 2\nx = " + "9" * 5000,
    "a hexadecimal integer": "schema = 2\nx = 0x" + "f" * 4000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_goes_beyond_the_bounds_is_reported_with_its_line_before_it_does_harm(what: str) -> None:
    with pytest.raises(BadInput, match=r"^/x\.toml, line 2: it is nested too deeply|line 2: the number is too large"):
        parse_toml("/x.toml", HOSTILE[what].encode())


@pytest.mark.parametrize(
    "text",
    [
        'x = "' + "[" * 100 + '"',
        "x = '" + "{" * 100 + "'",
        'x = """\n' + '"[' * 100 + '"""',
        "x = '''\n" + "'[" * 100 + "'''",
        "# " + "[a." * 100 + "\nx = 1",
        'x = "\\"' + "[" * 100 + '"',
        "x = [" + ", ".join(["1.5"] * 100) + "]",
        "\n".join(f"a.b.c{number} = 1" for number in range(100)),
        f"x = [{2**63 - 1}, -{2**63}]",
    ],
)
def test_what_only_looks_deep_is_read(text: str) -> None:
    parse_toml("/x.toml", text.encode())


@pytest.mark.parametrize("piece", ['"\\"', '"""', "'''", '"', "'", "\\", "#", "[", "a.", '"""\\', "\"\"\" ''' "])
def test_a_mebibyte_of_anything_is_reported_and_not_pondered(piece: str) -> None:
    with pytest.raises(BadInput, match="line 1: "):
        parse_toml("/x.toml", b"x = " + piece.encode() * (1024 * 1024 // len(piece)))


@pytest.mark.parametrize("lines", ["\n", "#\n", " \r\n"])
def test_a_file_of_very_many_lines_is_reported_before_it_is_parsed(lines: str) -> None:
    with pytest.raises(BadInput, match="line 100001: the file has more than 100000 lines"):
        parse_toml("/x.toml", f"x = [{lines * 300_000}]".encode())


@pytest.mark.parametrize("what", HOSTILE)
def test_the_other_files_go_on(paths: Paths, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    add_profile(paths, "fine")
    for path in (Path(paths.profile("bad")), Path(paths.providers, "bad.toml")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HOSTILE[what])
    assert main(["list"]) == 0
    shown = capsys.readouterr()
    assert "fine" in shown.out and "bad.toml, line 2" in shown.out + shown.err
    assert main(["providers"]) == 0
    shown = capsys.readouterr()
    assert "mingyan" in shown.out and "bad.toml, line 2" in shown.err
    assert main(["show", "fine"]) == 0
    assert main(["show", "bad"]) == 2


def test_a_file_of_a_terabyte_is_not_read(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    add_profile(paths, "fine")
    a_huge_file(Path(paths.profile("bad")))
    Path(paths.providers).mkdir(parents=True)
    a_huge_file(Path(paths.providers, "bad.toml"))
    for argv in (["list"], ["providers"]):
        assert main(argv) == 0
        assert "bad.toml is larger than 1 MiB" in "".join(capsys.readouterr())
