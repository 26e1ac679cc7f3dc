"""Servers, and a channel that is set up."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.delivery.mailserver import MailServer
from tests.kernel.outbox.conftest import home, prepared  # noqa: F401 – fixtures


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    """A server that takes everything, and the house set up to use it."""
    with MailServer().running() as running:
        settings.MAIL_URL = running.url()
        settings.MAIL_FROM = "noreply@mihon.example.jp"
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself, with its key in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    path = folder / "both.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    path.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return path
