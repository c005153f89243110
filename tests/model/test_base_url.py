import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.core.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl


@pytest.mark.parametrize(
    "spelling",
    [
        "https://api.example/gw",
        "HTTPS://API.Example/gw/",
        "https://api.example:443/gw",
        " https://api.example//gw \n",
    ],
)
def test_all_spellings_of_an_address_are_one(spelling: str) -> None:
    url = BaseUrl(spelling)
    assert (str(url), url.key_host) == ("https://api.example/gw", "api.example:443")
    assert url.messages_url == "https://api.example/gw/v1/messages"


@pytest.mark.parametrize("spelling", ["https://[2001:DB8:0:0::1]/gw", "https://[2001:0db8::0001]:443/gw"])
def test_all_spellings_of_an_ipv6_address_are_one(spelling: str) -> None:
    assert str(BaseUrl(spelling)) == "https://[2001:db8::1]/gw"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.example", "http://api.example"),
        ("https://api.example", "https://api.example:8443"),
        ("https://api.example", "https://api.example.evil.example"),
        ("https://api.example", "https://xn--pi-6kc.example"),
        ("https://[::1]", "https://[::2]"),
        ("https://[::1]", "https://127.0.0.1"),
        ("https://api.example", "https://xn--pi-example"),
    ],
)
def test_what_is_another_place_is_another_host_for_the_key(one: str, other: str) -> None:
    assert BaseUrl(one).key_host != BaseUrl(other).key_host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.example",
        "ftp://api.example",
        "https://",
        "https://user@api.example",
        "https://api.example@evil.example",
        "https://api.example\\@evil.example",
        "https://api.example?x=1",
        "https://api.example#x",
        "https://арі.example",
        "https://api.example/\u200bgw",
        "https://api.example:0",
        "https://api.example:99999",
        "https://api%2eexample",
        "https://api.example/a/../b",
        "https://[::1",
        "https://api example",
        "https://api.example.",
        "https://api.example.:443/gw",
        "https://api.example../gw",
        "https://.api.example",
        "https://api..example",
        "https://[api.example]",
        "https://[::1]api.example",
        "https://api.example[::1]",
        "https://[fe80::1%25eth0]",
        "https://[127.0.0.1]",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.0.0.1",
        "https://010.0.0.1",
        "https://1.2.3.4.5",
        "https://api.example:+443",
        "https://api.example:443:80",
        "https:/\\api.example",
        "https:///api.example",
        "https://api.example;x",
    ],
)
def test_what_claude_code_could_not_call_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        BaseUrl(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("127.0.0.1:8787/gw/v1/", "http://127.0.0.1:8787/gw"),
        ("localhost:3000", "http://localhost:3000"),
        ("LOCALHOST/v1/messages", "http://localhost"),
        ("[::1]:8787/gw", "http://[::1]:8787/gw"),
        ("0.0.0.0:4000", "http://0.0.0.0:4000"),
        ("192.168.1.2:8787/gw", "https://192.168.1.2:8787/gw"),
        ("api.example/gw/v1", "https://api.example/gw"),
    ],
)
def test_an_address_without_a_scheme_gets_the_one_that_was_meant(text: str, meant: str) -> None:
    with pytest.raises(BadInput) as refused:
        BaseUrl(text)
    assert refused.value.hint == f"Use {meant}."


@pytest.mark.parametrize(
    "tail", ["/v1", "/v1/", "/v1/messages", "/v1/v1/messages", "/v1/models", "/v1/chat/completions"]
)
def test_a_pasted_tail_is_found(tail: str) -> None:
    assert str(BaseUrl(f"https://api.example/gw{tail}").without_tail) == "https://api.example/gw"


@pytest.mark.parametrize("path", ["", "/gw", "/v1beta", "/api/v12", "/messages"])
def test_another_path_is_no_tail(path: str) -> None:
    assert BaseUrl(f"https://api.example{path}").without_tail is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("http://127.0.0.1:1", False),
        ("http://[::1]", False),
        ("http://localhost", False),
        ("http://localhost.evil.example", True),
        ("http://10.0.0.1", True),
        ("http://127.0.0.1.evil.example", True),
        ("https://api.example", False),
    ],
)
def test_plain_http_is_what_leaves_this_machine_unencrypted(text: str, plain: bool) -> None:
    assert BaseUrl(text).is_plain_http is plain


@given(st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        url = BaseUrl(text)
    except BadInput as refused:
        assert refused.message and refused.hint
    else:
        assert BaseUrl(str(url)) == url


@given(st.from_regex(r"https?://[a-z0-9.-]{1,20}(:[0-9]{1,5})?(/[a-z0-9/]{0,20})?", fullmatch=True))
def test_an_address_is_a_fixed_point(text: str) -> None:
    try:
        url = BaseUrl(text)
    except BadInput:
        return
    assert str(BaseUrl(str(url))) == str(url)
    assert BaseUrl(str(url)).key_host == url.key_host
