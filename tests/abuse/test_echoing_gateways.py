"""A gateway that says the key back, in every place and form that it has: it is not shown, and gets into no file."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.canaries import Canary
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Script, encode, error, events, html, json_reply, raw, reply
from tests.support.misbehaving import message as good_message

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 in the middle": lambda key: base64.b64encode(b"x:" + key.encode() + b":yz").decode(),
    "base64 for addresses": lambda key: base64.urlsafe_b64encode(b"u" + key.encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "hex in capitals": lambda key: key.encode().hex().upper(),
    "percent": lambda key: "".join(f"%{ord(char):02X}" for char in key),
    "percent where needed": lambda key: urllib.parse.quote(f"Bearer {key}"),
    "escaped": lambda key: "".join(f"\\u{ord(char):04x}" for char in key),
    "bytes": lambda key: "".join(f"\\x{ord(char):02x}" for char in key),
    "backwards": lambda key: key[::-1],
    "beginning": lambda key: f"{key[:-4]}...",
}


def in_a_stream(text: str) -> bytes:
    """The text as the words of an answer, cut into pieces, and once more in an error at the end."""
    start, begin, *_ = events()
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}} for piece in pieces
    ]
    broken = {"type": "error", "error": {"type": "overloaded_error", "message": f"no {text}"}}
    return encode([start, begin, *deltas, broken])


def raw_json(text: str) -> bytes:
    """A refusal whose text is in the JSON just as it is, escapes and all."""
    return b'{"type": "error", "error": {"type": "authentication_error", "message": "no ' + text.encode() + b'"}}'


AT_ONCE = "Retry-After: 0"
"""Else the live test would ask once more only after a pause."""

PLACES: dict[str, Callable[[str], Script]] = {
    "error": lambda text: error(401, "authentication_error", f"invalid key {text}, sorry"),
    "kind of error": lambda text: error(400, text, "no"),
    "escaped error": lambda text: reply(401, raw_json(text), "Content-Type: application/json"),
    "404": lambda text: error(404, "not_found_error", f"model: {text}"),
    "429": lambda text: error(429, "rate_limit_error", text, f"Retry-After: {text}"),
    "page": lambda text: html(403, f"<html><title>{text}</title>{text}</html>"),
    "text": lambda text: reply(500, text, AT_ONCE),
    "headers": lambda text: error(529, "overloaded_error", "no", f"X-Request-Id: {text}", f"X-{text}: a", AT_ONCE),
    "cookie": lambda text: error(529, "overloaded_error", "no", f"Set-Cookie: s={text}", AT_ONCE),
    "redirect": lambda text: reply(307, "", f"Location: https://elsewhere.example/{text}?key={text}"),
    "redirect to user": lambda text: reply(302, "", f"Location: https://{text}@elsewhere.example/"),
    "status line": lambda text: raw(f"HTTP/1.1 418 {text}\r\nContent-Length: 0\r\n\r\n".encode()),
    "no http": lambda text: raw(f"220 {text}\r\n".encode()),
    "answer": lambda text: good_message(content=[{"type": "text", "text": f"your key is {text}"}]),
    "model": lambda text: good_message(model=text),
    "stop reason": lambda text: good_message(stop_reason=text),
    "stream": lambda text: reply(200, in_a_stream(text), "Content-Type: text/event-stream"),
}


def echoing(place: str, text: str) -> Script:
    """Says the text in a place, and as the id of a model where it is asked for its models."""
    listing = json_reply(200, {"data": [{"id": text}, {"id": f"m-{text}"}]})
    return lambda talk: (PLACES[place](text) if talk.request.body else listing)(talk)


BEGINNING = "beginning"
IN_AN_ANSWER = ("answer", "stream")
"""Where a part of the key that is not at the end is a text like any other: an answer is shown while it comes."""
PAIRS = [(form, place) for form in FORMS for place in PLACES if (form, place in IN_AN_ANSWER) != (BEGINNING, True)]


@pytest.mark.parametrize(("form", "place"), PAIRS)
def test_a_key_that_comes_back_is_not_shown_and_gets_into_no_file(
    form: str,
    place: str,
    paths: Paths,
    settings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    canary = Canary.new()
    monkeypatch.setenv(KEY_VARIABLE, canary.key)
    with Misbehaving(echoing(place, FORMS[form](canary.key))) as gateway:
        add_profile(paths, "work", gateway.base_url)
        main(["test", "work", "--quick", "--verbose"])
        main(["test", "work", "--quick", "--verbose", "--json", "--junit", str(tmp_path / "junit.xml")])
        main(["ask", "work", "hello"])
        main(["ask", "work", "hello", "--no-stream", "--json"])
        main(["models", "work", "--refresh", "--json"])
        main(["show", "work"])
        main(["list", "--json"])
    said = capsys.readouterr()
    assert any(canary.key in value for seen in gateway.seen for value in seen.headers.values())
    leaks = [line for line in (said.out + said.err).splitlines() if canary.is_in(line)]
    assert leaks == []
    assert not canary.is_in(said.out) and not canary.is_in(said.err)
    assert canary.files_below(tmp_path) == []
    assert "Traceback" not in json.dumps(said.err)
