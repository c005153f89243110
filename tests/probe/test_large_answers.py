import gzip
import json
import tracemalloc

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.response import MAX_BODY_BYTES, TooLarge, Unpacker
from tests.support.bombs import GZIP, NOTHING, ZLIB, beginning, bomb
from tests.support.misbehaving import MESSAGE, Misbehaving, Script, endless, reply
from tests.support.probing import first_trouble, plan_for, probe

MIB = 1024 * 1024
WHOLE = gzip.compress(json.dumps(MESSAGE).encode())
HEAD = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n"

LARGE: dict[str, tuple[Script, Diagnosis]] = {
    "a gzip bomb of 4 GiB": (reply(200, bomb(GZIP, 4096), "Content-Encoding: gzip"), Diagnosis.BODY_TOO_LARGE),
    "a deflate bomb of 4 GiB": (reply(200, bomb(ZLIB, 4096), "Content-Encoding: deflate"), Diagnosis.BODY_TOO_LARGE),
    "gzip without end that unpacks to nothing": (
        endless(HEAD % b"gzip" + beginning(GZIP), NOTHING * 10_000),
        Diagnosis.BODY_TOO_LARGE,
    ),
    "deflate without end that unpacks to nothing": (
        endless(HEAD % b"deflate" + beginning(ZLIB), NOTHING * 10_000),
        Diagnosis.BODY_TOO_LARGE,
    ),
    "60 MiB after the end of gzip": (
        endless(HEAD % b"gzip" + WHOLE, b"x" * 65536),
        Diagnosis.BAD_JSON,
    ),
    "60 MiB of text": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), Diagnosis.BODY_TOO_LARGE),
    "60 MiB of a stream": (
        endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b"event: ping\ndata: {}\n\n" * 3000),
        Diagnosis.BODY_TOO_LARGE,
    ),
    "60 MiB of one line of a stream": (
        endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ", b"x" * 65536),
        Diagnosis.BODY_TOO_LARGE,
    ),
    "headers without end": (endless(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 1000), Diagnosis.NOT_MESSAGES),
    "one header without end": (endless(b"HTTP/1.1 200 OK\r\na: ", b"b" * 65536), Diagnosis.NOT_MESSAGES),
    "a chunk that says it is 16 EiB": (
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"x" * 65536),
        Diagnosis.BODY_TOO_LARGE,
    ),
}


@pytest.mark.parametrize(("script", "diagnosis"), LARGE.values(), ids=LARGE.keys())
def test_an_answer_larger_than_any_takes_neither_memory_nor_time(script: Script, diagnosis: Diagnosis) -> None:
    with Misbehaving(script) as gateway:
        probe(plan_for("http://127.0.0.1:9"))
        tracemalloc.start()
        try:
            report = probe(plan_for(gateway.base_url))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert first_trouble(report) == ("protocol", diagnosis, Status.FAIL)
    assert report.requests <= 2
    assert most < 16 * MIB


def test_what_unpacks_to_just_what_may_be_read_is_read() -> None:
    unpacker = Unpacker("gzip")
    assert len(unpacker.feed(gzip.compress(bytes(MAX_BODY_BYTES)))) == MAX_BODY_BYTES
    unpacker.close()
    with pytest.raises(TooLarge):
        Unpacker("gzip").feed(gzip.compress(bytes(MAX_BODY_BYTES + 1)))
