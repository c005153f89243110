import pytest

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import display_host


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://gw.example/v1", "gw.example"),
        ("https://gw.example:8443", "gw.example:8443"),
        ("http://gw.example", "gw.example:80"),
        ("https://[::1]", "[::1]"),
    ],
)
def test_a_host_is_shown_so_that_it_can_be_given_back(address: str, shown: str) -> None:
    host = BaseUrl(address).key_host
    assert display_host(host) == shown
    assert BaseUrl(f"https://{shown}").key_host == host, "as `ccswitch keys set --host` takes it"
