import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scripts import lock
from scripts.pins import Release, Use

FILES = ("calm-1.0-py3-none-any.whl", "calm-1.0.tar.gz", "calm-1.0.1.tar.gz", "calm-1.0-docs.exe")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "calm"
    folder.mkdir()
    with zipfile.ZipFile(folder / FILES[0], "w") as archive:
        archive.writestr(
            "calm-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: calm\nVersion: 1.0\nLicense: MIT\nRequires-Dist: still>=2\n",
        )
    for name in FILES[1:]:
        (folder / name).write_text(name)
    files = [
        {"filename": name, "url": name, "hashes": {"sha256": sha256((folder / name).read_bytes()).hexdigest()}}
        for name in FILES
    ]
    (folder / "index.html").write_text(json.dumps({"files": files}))
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Quiet(*a, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}")
        yield folder
        server.shutdown()


def test_all_files_of_a_release_are_locked_and_those_of_others_are_not(index: Path) -> None:
    files = lock.files_of("calm", "1.0")
    assert [one["filename"] for one in files] == list(FILES[:2])
    use = Use(frozenset({("linux", "3.11")}), frozenset({"ccswitch"}))
    entry = lock.entry(Release("calm", "1.0", (), "MIT"), use, ["aa"])
    assert entry.startswith(
        'calm==1.0 ; sys_platform == "linux" and python_version < "3.12" \\\n    --hash=sha256:aa\n'
    )


def test_what_is_not_installed_here_is_described_by_its_own_wheel(index: Path) -> None:
    described = lock.release("calm", "1.0", lock.files_of("calm", "1.0"))
    assert described == Release("calm", "1.0", ("still>=2",), "MIT")


def test_a_wheel_that_is_not_the_announced_one_is_not_believed(index: Path) -> None:
    files = lock.files_of("calm", "1.0")
    with (index / FILES[0]).open("ab") as wheel:
        wheel.write(b"!")
    with pytest.raises(LookupError, match="not the file that the index announced"):
        lock.release("calm", "1.0", files)


def test_what_the_index_does_not_have_is_said_without_its_address(index: Path) -> None:
    with pytest.raises(LookupError, match=r"^the index has no calm 2\.0$"):
        lock.files_of("calm", "2.0")
    with pytest.raises(LookupError) as problem:
        lock.files_of("wild", "1.0")
    assert str(problem.value) == "the index does not give the list of wild: File not found"
