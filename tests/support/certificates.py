"""Certificates of every kind that a gateway may present, and TLS servers that present them."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ISSUER = "Corp Inspection CA"
HERE = "127.0.0.1"


class Presented(NamedTuple):
    """A server's side of TLS; ``authority`` is the file of what has to be trusted to accept it."""

    context: ssl.SSLContext
    authority: str


def names(common_name: str = "", organisation: str = "") -> x509.Name:
    """The name of an owner or issuer, with what is not empty."""
    pairs = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in pairs if text])


UNKNOWN = names(ISSUER)


def presenting(folder: Path, *, host: str = HERE, valid_days: int = 2, issuer: x509.Name = UNKNOWN) -> Presented:
    """A server with a certificate for ``host`` from an authority that nobody knows."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(issuer, issuer, authority_key, authority_key, valid_days=9).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    leaf = _certificate(names("gateway"), issuer, key, authority_key, valid_days=valid_days).add_extension(
        x509.SubjectAlternativeName([_alternative(host)]), critical=False
    )
    (folder / "authority.pem").write_bytes(
        root.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return _served(folder, leaf.sign(authority_key, hashes.SHA256()), key, folder / "authority.pem")


def self_signed(folder: Path, *, host: str = HERE) -> Presented:
    """A server whose certificate vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = names("gateway")
    leaf = _certificate(own, own, key, key, valid_days=2).add_extension(
        x509.SubjectAlternativeName([_alternative(host)]), critical=False
    )
    return _served(folder, leaf.sign(key, hashes.SHA256()), key, folder / "gateway.pem")


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    authority_key: ec.EllipticCurvePrivateKey,
    *,
    valid_days: int,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=valid_days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _served(folder: Path, leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey, authority: Path) -> Presented:
    (folder / "gateway.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "gateway.pem", folder / "key.pem")
    return Presented(context, str(authority))
