import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.client.tls import issuer_at
from ccswitch_py.probe.report import ProfileReport
from tests.support.certificates import ISSUER, Presented, names, presenting, self_signed
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import Misbehaving
from tests.support.probing import KEY, first_trouble, plan_for, probe, row

Make = Callable[[Path], Presented]

NOT_TRUSTED: dict[str, tuple[Make, str, str]] = {
    "self-signed": (self_signed, "self-signed certificate. It was issued by gateway.", "NODE_EXTRA_CA_CERTS"),
    "by an authority that nobody knows": (presenting, f"It was issued by {ISSUER}.", "NODE_EXTRA_CA_CERTS"),
    "by an organisation without a name of its own": (
        lambda folder: presenting(folder, issuer=names(organisation="Corp Ltd.")),
        "It was issued by Corp Ltd.",
        "NODE_EXTRA_CA_CERTS",
    ),
}
NOT_VALID: dict[str, tuple[Make, str, str]] = {
    "expired": (lambda folder: presenting(folder, valid_days=-1), "Its certificate has expired.", "clock"),
    "for another host": (
        lambda folder: presenting(folder, host="other.invalid"),
        "Its certificate is for another address.",
        "Check the host",
    ),
    "for another address": (
        lambda folder: presenting(folder, host="127.0.0.2"),
        "Its certificate is for another address.",
        "Check the host",
    ),
}


def report_of(presented: Presented) -> ProfileReport:
    with Misbehaving(GOOD, tls=presented.context) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert gateway.seen == []
    return report


@pytest.mark.parametrize(("make", "said", "advice"), NOT_TRUSTED.values(), ids=NOT_TRUSTED.keys())
def test_who_issued_a_certificate_that_nobody_vouches_for_is_named(
    tmp_path: Path, make: Make, said: str, advice: str
) -> None:
    report = report_of(make(tmp_path))
    assert first_trouble(report) == ("reach", Diagnosis.TLS_FAILED, Status.FAIL)
    assert said in row(report, "reach").detail
    assert advice in row(report, "reach").advice


@pytest.mark.parametrize(("make", "said", "advice"), NOT_VALID.values(), ids=NOT_VALID.keys())
def test_what_a_certificate_of_a_known_authority_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, said: str, advice: str
) -> None:
    presented = make(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", presented.authority)
    report = report_of(presented)
    assert first_trouble(report) == ("reach", Diagnosis.TLS_FAILED, Status.FAIL)
    assert f"{said} It was issued by {ISSUER}." in row(report, "reach").detail
    assert advice in row(report, "reach").advice


def test_a_certificate_for_an_address_is_none_for_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presented = presenting(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", presented.authority)
    with Misbehaving(GOOD, tls=presented.context) as gateway:
        report = probe(plan_for(f"https://localhost:{gateway.port}"))
        assert gateway.seen == []
    assert "Its certificate is for another host." in row(report, "reach").detail


def test_a_certificate_from_node_extra_ca_certs_is_accepted_as_claude_code_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presented = presenting(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", presented.authority)
    with Misbehaving(GOOD, tls=presented.context) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert report.verdict is Verdict.WORKS
    assert row(report, "url").status is Status.PASS


def test_the_name_of_an_issuer_is_made_fit_to_be_shown(tmp_path: Path) -> None:
    hostile = names(f"{KEY[:20]} \x1b[31mevil\u202e \nline")
    detail = row(report_of(presenting(tmp_path, issuer=hostile)), "reach").detail
    assert "evil line" in detail
    assert KEY[:20] not in detail
    assert not {"\x1b", "\u202e", "\n"} & set(detail)


@contextlib.contextmanager
def listening(context: ssl.SSLContext) -> Iterator[tuple[int, list[bytes]]]:
    """A port that takes TLS connections and writes down what is sent over each that has got through its handshake."""
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                hear(context.wrap_socket(client, server_side=True))

    def hear(connection: ssl.SSLSocket) -> None:
        heard.append(b"")
        with connection, contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                heard[-1] += piece

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_nothing_is_sent_over_the_connection_that_looks_at_the_certificate(tmp_path: Path) -> None:
    with listening(presenting(tmp_path).context) as (port, heard):
        report = probe(plan_for(f"https://127.0.0.1:{port}"))
    assert ISSUER in row(report, "reach").detail
    assert heard == [b"", b""]
    assert report.requests == 1


def test_through_a_proxy_no_certificate_is_looked_at(tmp_path: Path) -> None:
    presented = presenting(tmp_path)
    with listening(presented.context) as (port, heard):
        report = probe(plan_for("https://gateway.invalid", proxy=f"https://127.0.0.1:{port}"))
    assert first_trouble(report) == ("reach", Diagnosis.TLS_FAILED, Status.FAIL)
    assert "issued" not in row(report, "reach").detail
    assert f"The proxy is 127.0.0.1:{port}." in row(report, "reach").detail
    assert heard == []


def test_a_host_that_presents_no_certificate_names_nobody() -> None:
    with Misbehaving(GOOD) as gateway:
        assert asyncio.run(issuer_at("127.0.0.1", gateway.port)) == ""
    assert asyncio.run(issuer_at("127.0.0.1", gateway.port)) == ""
    assert asyncio.run(issuer_at("a..b", 1)) == ""


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        (names("Zentrale für Prüfung", "Firma"), "Zentrale für Prüfung"),
        (names(organisation="公司"), "公司"),
        (names(), ""),
    ],
)
def test_the_issuer_is_a_name_or_else_an_organisation(tmp_path: Path, issuer: x509.Name, expected: str) -> None:
    with Misbehaving(GOOD, tls=presenting(tmp_path, issuer=issuer).context) as gateway:
        assert asyncio.run(issuer_at("127.0.0.1", gateway.port)) == expected
