"""Small files that would cost a careless reader much: nesting, long numbers, many entries, long values."""

from __future__ import annotations

import json

from hypothesis import strategies as st

JSON = {
    "lists in lists": '{"a": ' + "[" * 400_000,
    "closed lists in lists": '{"a": ' + "[" * 400_000 + "]" * 400_000 + "}",
    "objects in objects": '{"a":' * 200_000,
    "an integer": '{"schema": ' + "9" * 100_000 + "}",
    "many integers": '{"a": [' + ", ".join(["9" * 4000] * 200) + "]}",
    "many members": json.dumps({f"k{number}": number for number in range(50_000)}),
    "one name again and again": '{"env": {' + ", ".join(['"ANTHROPIC_MODEL": "m"'] * 30_000) + "}}",
    "a list": "[]",
    "escapes": '{"a": "' + "\\u0041" * 100_000 + '"}',
    "zeros": "\0" * 100_000,
}
LONG_VALUES = {
    "500,000 lines": "X-A: b\n" * 500_000,
    "a host of a megabyte": "http://" + "a." * 500_000 + "example",
    "an address of a megabyte": "http://127.0.0.1:9" + "/v1" * 300_000,
    "a model of a megabyte": "m" * 1_000_000,
}
TOML = {
    "headings": "\n".join(f"[a{number}]" for number in range(60_000)),
    "headings of items": "[[a]]\n" * 60_000,
    "keys": "\n".join(f"k{number} = 1" for number in range(60_000)),
    "items": "a = [" + "1," * 200_000 + "]",
    "an address of a megabyte": 'base_url = "http://127.0.0.1:9' + "/v1" * 300_000 + '"',
    "a name of a megabyte": "n" * 900_000 + " = 1",
    "a text of many lines": "a = '''" + "\n" * 500_000 + "'''",
    "an integer": "a = " + "9" * 100_000,
    "a date": "a = 1979-05-27T07:32:00." + "9" * 500_000,
}
"""Each goes beyond a bound that does not depend on the kind of file."""

syntax = st.text(st.sampled_from("{}[]:,=.\"'\\ \n#0129aet-+_\0\x85\u2028"), max_size=60)
