"""Serving over TLS: with a certificate that is given, or with one that is made for the occasion."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
import uvicorn

from ooapi_toets.errors import UsageError


@dataclass(frozen=True, slots=True)
class Certificate:
    """What TLS is served with.

    Attributes:
        cert: The certificate chain, PEM.
        key: Its key, PEM.
        client_ca: The CA of the certificates that clients must show, or None.
        ca: The CA that clients must trust, where it was made here.
    """

    cert: Path
    key: Path
    client_ca: Path | None = None
    ca: Path | None = None

    def apply(self, config: uvicorn.Config) -> None:
        """Let a server speak TLS.

        Raises:
            UsageError: When a file is not what it should be.
        """
        config.ssl_certfile = str(self.cert)
        config.ssl_keyfile = str(self.key)
        if self.client_ca is not None:
            config.ssl_ca_certs = str(self.client_ca)
            config.ssl_cert_reqs = ssl.CERT_REQUIRED
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"The certificate cannot be used: {error}.", "Give files in PEM form.") from error


@contextmanager
def self_signed(host: str, client_ca: Path | None = None) -> Iterator[Certificate]:
    """A certificate for this host and this machine, by a CA of its own in a temporary folder that goes at the end."""
    authority = trustme.CA()
    names = dict.fromkeys([host, "localhost", "127.0.0.1", "::1"])
    issued = authority.issue_cert(*(name for name in names if name not in {"0.0.0.0", "::"}))  # noqa: S104 - left out
    with tempfile.TemporaryDirectory(prefix="ooapi-toets-tls-") as name:
        folder = Path(name)  # for its owner only, so the key is, too
        ca, cert, key = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
        authority.cert_pem.write_to_path(str(ca))
        for part in issued.cert_chain_pems:
            part.write_to_path(str(cert), append=True)
        issued.private_key_pem.write_to_path(str(key))
        yield Certificate(cert, key, client_ca, ca)
