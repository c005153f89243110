import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.redact.key_patterns import DOTS
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import (
    STREAM_HEAD,
    Misbehaving,
    Script,
    encode,
    endless,
    error,
    events,
    message,
    raw,
    silence,
    stream,
    then,
)
from tests.support.probing import KEY
from tests.support.programs import BIN, run_program

PROGRAM = str(BIN / "ccswitch")
TOO_LONG = "x" * (1024 * 1024 + 1)
START = encode(events(["message_start", "content_block_start"]))

Ask = Callable[..., tuple[int, str, str]]


def delta(text: str) -> bytes:
    return encode([{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}])


def add(paths: Paths, base_url: str) -> None:
    add_profile(paths, "work", base_url, models=dict.fromkeys(MAIN_ROLES, "gpt-5.4-low"))


@pytest.fixture
def ask(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv(KEY_VARIABLE, KEY)

    def run(script: Script, *argv: str, given: str = "") -> tuple[int, str, str]:
        with Misbehaving(script) as gateway:
            add(paths, gateway.base_url)
            done = run_program(os.environ, PROGRAM, "ask", "work", *argv, given=given, code=None)
        assert KEY not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def started(*argv: str) -> subprocess.Popen[bytes]:
    """The program while it runs; Ctrl-C reaches it even where the tests were started with it ignored."""
    return subprocess.Popen(
        [PROGRAM, "ask", "work", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def output(running: subprocess.Popen[bytes]) -> IO[bytes]:
    assert running.stdout is not None
    return running.stdout


def test_the_answer_is_on_standard_output_and_what_it_cost_beside_it(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "demo-key")
    with Gateway() as gateway:
        add(paths, gateway.base_url)
        done = run_program(os.environ, PROGRAM, "ask", "work", "--system", "be brief", "hello")
    assert done.stdout.startswith("This is ccswitch's demo gateway, answering as gpt-5.4-low. You said: “hello”.")
    assert done.stdout.count("\n") == done.stderr.count("\n") == 1
    assert done.stderr.startswith("gpt-5.4-low answered: ")


@pytest.mark.parametrize(
    ("argv", "given"), [(["-"], "from a pipe\n"), ([], "\ufefffrom a pipe\r\n"), (["from a pipe"], "not this")]
)
def test_the_prompt_is_an_argument_or_comes_through_a_pipe(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, argv: list[str], given: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(GOOD) as gateway:
        add(paths, gateway.base_url)
        run_program(os.environ, PROGRAM, "ask", "work", *argv, given=given)
        assert gateway.seen[0].json["messages"] == [{"role": "user", "content": "from a pipe"}]


def test_every_option_reaches_the_gateway_wherever_it_stands(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    picture = tmp_path / "picture"
    picture.write_bytes(b"GIF89a....")
    with Misbehaving(GOOD) as gateway:
        add(paths, gateway.base_url)
        options = [
            "--temperature",
            "0",
            "--max-tokens",
            "9",
            "--no-stream",
            "--model",
            "other",
            "--image",
            str(picture),
        ]
        run_program(os.environ, PROGRAM, "ask", *options, "work", "--system", "S", "what?")
        sent = gateway.seen[0].json
    picture_block, text_block = sent.pop("messages")[0]["content"]
    assert sent == {"model": "other", "max_tokens": 9, "stream": False, "system": "S", "temperature": 0.0}
    assert picture_block["source"]["media_type"] == "image/gif"
    assert text_block == {"type": "text", "text": "what?"}


def test_json_is_one_object_and_nothing_besides(ask: Ask) -> None:
    code, out, err = ask(stream(), "hello", "--json")
    facts = json.loads(out)
    assert (code, err) == (0, "")
    assert (facts["name"], facts["requested_model"], facts["answered_model"]) == ("work", "gpt-5.4-low", "good-model")
    assert (facts["text"], facts["stop_reason"], facts["diagnosis"]) == (
        "one two three ",
        "end_turn",
        "model_substituted",
    )
    assert facts["usage"] == {"input_tokens": 14, "output_tokens": 6}
    assert set(facts) >= {"first_event_ms", "elapsed_ms", "tokens_per_s", "detail", "advice"}


REFUSAL = error(401, "authentication_error", f"invalid x-api-key {KEY}")


def test_a_refusal_is_one_line_on_standard_error_and_exit_code_1(ask: Ask) -> None:
    code, out, err = ask(REFUSAL, "hello")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("ccswitch: The key was refused.") and DOTS in err and "Check that it is whole" in err


def test_a_refusal_is_json_like_an_answer_when_asked_for(ask: Ask) -> None:
    code, out, err = ask(REFUSAL, "hello", "--json")
    facts = json.loads(out)
    assert (code, facts["diagnosis"], facts["text"], err) == (1, "key_rejected", "", "")


def test_of_a_cut_stream_the_text_is_printed_and_then_the_diagnosis(ask: Ask) -> None:
    code, out, err = ask(stream(START + delta("one ") + delta("two")), "hello")
    assert (code, out) == (1, "one two\n")
    assert err.startswith("ccswitch: The stream ended before its end was announced.") and err.count("\n") == 1


def test_a_message_in_one_piece_is_printed_with_a_note(ask: Ask) -> None:
    code, out, err = ask(message(content=[{"type": "text", "text": f"\x1b[2J{KEY}\n"}]), "hello")
    assert (code, out) == (0, f"{DOTS}\n")
    assert err.splitlines()[0] == "The answer was not streamed, although streaming was requested."
    assert err.splitlines()[1].startswith("gpt-5.4-low answered: 14 tokens in, 6 out, ")


@pytest.mark.parametrize(
    ("argv", "given", "code", "words"),
    [
        (["  "], "", 2, "prompt is empty"),
        ([], "\n", 2, "prompt is empty"),
        (["-"], TOO_LONG, 2, "longer than 1 MiB"),
        (["hello", "--temperature", "2"], "", 2, "from 0 to 1"),
        (["hello", "--temperature", "nan"], "", 2, "from 0 to 1"),
        (["hello", "--temperature", "warm"], "", 2, "warm"),
        (["hello", "--max-tokens", "0"], "", 2, "--max-tokens 1"),
        (["hello", "--role", "fable"], "", 2, "main, haiku, sonnet, opus"),
        (["hello", "--role", "main", "--model", "m"], "", 2, "not allowed"),
        (["hello", "--model", "a b"], "", 2, "model id"),
        (["hello", "--image", "nowhere.png"], "", 2, "no such file"),
        (["hello", "again"], "", 2, "again"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_mistakes_are_named_before_anything_is_sent(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, argv: list[str], given: str, code: int, words: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(GOOD) as gateway:
        add(paths, gateway.base_url)
        done = run_program(os.environ, PROGRAM, "ask", "work", *argv, given=given, code=code)
        assert gateway.seen == []
    assert done.stdout == "" and words in done.stderr and done.stderr.count("\n") == 1


def test_a_prompt_that_is_not_utf_8_is_refused(paths: Paths) -> None:
    add(paths, "http://127.0.0.1:9")
    done = subprocess.run([PROGRAM, "ask", "work"], input=b"caf\xe9", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"not valid UTF-8" in done.stderr


def test_at_a_terminal_a_missing_prompt_is_a_mistake_and_not_waited_for(paths: Paths) -> None:
    add(paths, "http://127.0.0.1:9")
    ours, theirs = os.openpty()
    done = subprocess.run([PROGRAM, "ask", "work"], stdin=theirs, capture_output=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"There is no prompt." in done.stderr


def test_a_missing_key_or_profile_has_its_own_exit_code(paths: Paths) -> None:
    add(paths, "http://127.0.0.1:9")
    run_program(os.environ, PROGRAM, "ask", "nobody", "hello", code=3)
    run_program(os.environ, PROGRAM, "ask", "work", "hello", code=4)


def test_the_text_comes_word_by_word_and_ctrl_c_keeps_what_came(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(then(raw(STREAM_HEAD + START + delta("one two")), silence)) as gateway:
        add(paths, gateway.base_url)
        with started("hello") as running:
            assert output(running).read(7) == b"one two"
            running.send_signal(signal.SIGINT)
            rest, err = running.communicate()
    assert (running.returncode, rest, err) == (130, b"", b"\n")


def test_a_reader_that_goes_away_ends_it_quietly(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(endless(STREAM_HEAD + START, delta("a line\n" * 100))) as gateway:
        add(paths, gateway.base_url)
        with started("hello") as running:
            assert output(running).readline() == b"a line\n"
            output(running).close()
            assert running.stderr is not None
            err = running.stderr.read()
    assert (running.returncode, err) == (0, b"")
