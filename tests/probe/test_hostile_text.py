import json
import unicodedata
from collections.abc import Iterator

import pytest

from ccswitch_py.probe.plan import Depth
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import (
    Misbehaving,
    Script,
    Talk,
    by_model,
    by_stream,
    encode,
    error,
    events,
    html,
    json_reply,
    message,
    raw,
    reply,
    stream,
)
from tests.support.probing import IMPATIENT, KEY, plan_for, probe

ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil.invalid\x1b\\link \x9b31m \x00\x07\x08\x7f\r\n\t"
UNSEEN = "\u202eevil\u2066\u200b\u200d\ufeff\u00ad\u2028\u2029\u0085 \ue000 \U000e0041 a\u0301\u0302\u0303\u0304"
HOSTILE = f"{ESCAPES} {UNSEEN} {KEY} {KEY[:6]}\u200b{KEY[6:]} [bold red]"
IN_A_HEADER = f"\u202e \x9b31m {KEY}".encode()
MODELS = {"main": "good-model", "haiku": "gpt-5.4-lo"}


def answer(status: int, head: bytes, body: bytes = b"") -> Script:
    return raw(b"HTTP/1.1 %d x\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (status, head, len(body), body))


def lists(*ids: str) -> Script:
    """A gateway that serves one model and lists others."""

    def script(talk: Talk) -> None:
        if "/v1/models" in talk.request.target:
            return json_reply(200, {"data": [{"id": model_id} for model_id in ids]})(talk)
        return by_model({"gpt-5.4-lo": error(404, "not_found_error", "model: unknown")}, GOOD)(talk)

    return script


def when(field: str, script: Script) -> Script:
    return refusing(lambda body, _: field in json.dumps(body), script)


MESSAGE = json.dumps({"type": "error", "error": {"type": "x", "message": HOSTILE}}).encode()
TEXT = [{"type": "text", "text": HOSTILE}]
PLACES: dict[str, Script] = {
    "the text of a refusal": error(401, "authentication_error", HOSTILE),
    "the kind of an error": error(400, HOSTILE, HOSTILE),
    "a code": json_reply(500, {"error": {"message": HOSTILE, "code": HOSTILE, "type": HOSTILE}}),
    "an error in a list": json_reply(400, {"detail": [HOSTILE], HOSTILE: HOSTILE}),
    "plain text": reply(500, HOSTILE.encode()),
    "bytes of no encoding": reply(500, bytes(range(256)) * 4),
    "an answer that is none": reply(200, HOSTILE.encode()),
    "JSON that breaks off": reply(200, b'{"a": "' + HOSTILE.encode()),
    "the title of a page": html(403, f"<html><title>{HOSTILE}</title>"),
    "a model's id": message(model=HOSTILE),
    "a reason to stop": message(stop_reason=HOSTILE),
    "names in a usage": message(usage={HOSTILE: 1, "input_tokens": HOSTILE}),
    "the text of an answer": message(content=TEXT),
    "a model's id in a stream": by_stream(GOOD, stream(encode([{**events()[0], "message": {"model": HOSTILE}}]))),
    "an error in a stream": stream(b"event: error\ndata: " + MESSAGE + b"\n\n"),
    "the names of events": stream(f"event: {HOSTILE}\ndata: {{}}\n\n".encode()),
    "the target of a redirect": answer(302, b"Location: https://127.0.0.1/" + IN_A_HEADER),
    "an encoded target of a redirect": answer(302, f"Location: https://{KEY}.invalid/%1b[31m%E2%80%AE".encode()),
    "a packing": answer(200, b"Content-Encoding: " + IN_A_HEADER, b"x"),
    "a wait": answer(429, b"Retry-After: " + IN_A_HEADER),
    "the name of a header": answer(400, IN_A_HEADER + b": x"),
    "a header that it misses": json_reply(400, {"error": f"Missing required header: x-{KEY}\x1b[31m-\u202eid"}),
    "the reason of a status": raw(b"HTTP/1.1 500 " + IN_A_HEADER + b"\r\nContent-Length: 0\r\n\r\n"),
    "what is no HTTP": raw(HOSTILE.encode()),
    "what is said of tools": when("`record_number`", message(content=TEXT)),
    "the name of a tool": when(
        "`record_number`", message(content=[{"type": "tool_use", "id": "1", "name": HOSTILE, "input": {}}])
    ),
    "what is said of a picture": when('"type": "image"', message(content=TEXT)),
    "a refused part": when("metadata", error(400, "invalid_request_error", f"metadata {HOSTILE}")),
    "listed ids": lists(f"gpt-5.4-l{ESCAPES}o", f"gpt-5.4-lo{UNSEEN}", f"gpt-5.4-lo{KEY}", "gpt-5.4-\u202elow"),
}


def texts(value: object) -> Iterator[str]:
    """Every text in a report, also the names."""
    match value:
        case str():
            yield value
        case dict():
            for name, inner in value.items():
                yield from texts(name)
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case _:
            return


@pytest.mark.parametrize("script", PLACES.values(), ids=PLACES.keys())
def test_nothing_of_a_gateway_can_steer_a_terminal_or_show_the_key(script: Script) -> None:
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url, models=MODELS, depth=Depth.FULL, timeouts=IMPATIENT))
        assert len(gateway.seen) == report.requests
    for text in texts(report.as_json()):
        assert text.isprintable(), ascii(text)
        assert not {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")}
        assert "[31m" not in text.replace("%1b[31m", "").replace("\\u001b[31m", "")
        assert KEY[6:] not in text
