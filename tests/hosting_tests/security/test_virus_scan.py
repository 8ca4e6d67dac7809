"""What a virus scanner does not pass does not come in, by whichever door."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hosting.runtime.errors import Invalid, Unavailable
from hosting.runtime.settings import Settings
from hosting.security import uploads
from hosting.security.virus_scan import _EICAR

TEXT = "关于印发防汛抗旱应急预案的通知".encode()


@dataclass
class Clamd:
    """Speaks clamd's INSTREAM as its manual has it; finds whatever holds `bad`."""

    address: str
    limit: int = 10_000_000
    answer: bytes = b""
    sizes: list[int] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                self._one(link)

    def _one(self, link: socket.socket) -> None:
        stream = link.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            data += stream.read(size)
        self.sizes.append(len(data))
        found = b"stream: Win.Test.Bad-1 FOUND\0" if b"bad" in data else b"stream: OK\0"
        if len(data) > self.limit:
            found = b"INSTREAM size limit exceeded. ERROR\0"
        link.sendall(self.answer or found)


@pytest.fixture(params=["inet", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    """A scanner on each kind of socket."""
    if request.param == "inet":
        listener = socket.create_server(("127.0.0.1", 0))
        scanner = Clamd(f"127.0.0.1:{listener.getsockname()[1]}")
    else:
        # Socket paths are short.
        path = Path(tmp_path.root) / "tmp" / f"clamd-{tmp_path.name[-20:]}"
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        scanner = Clamd(f"unix:{path}")
    thread = threading.Thread(target=scanner.serve, args=(listener,), daemon=True)
    thread.start()
    yield scanner
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(timeout=5)
    if scanner.address.startswith("unix:"):
        Path(scanner.address.removeprefix("unix:")).unlink()


def brought(data: bytes, scanner: str) -> uploads.CheckedUpload:
    limits = Settings(clamav=scanner)
    return uploads.check("关于印发预案的通知.txt", io.BytesIO(data), limits=limits)


def test_what_the_scanner_passes_comes_in(clamd: Clamd) -> None:
    text = TEXT * 5_000

    assert brought(text, clamd.address).data == text
    assert clamd.sizes == [len(text)], "it saw the whole file"


def test_what_it_finds_is_refused_with_name_and_reason(clamd: Clamd) -> None:
    with pytest.raises(Invalid) as refused:
        brought(TEXT + b"bad", clamd.address)

    assert refused.value.code == "infected"
    assert refused.value.facts == {"virus": "Win.Test.Bad-1", "file": "关于印发预案的通知.txt"}


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"what", b"stream: OKAY\0"]
)
def test_not_passed_is_not_passed(clamd: Clamd, answer: bytes) -> None:
    clamd.answer = answer

    with pytest.raises(Unavailable) as refused:
        brought(TEXT, clamd.address)

    assert refused.value.code == "scanner_away"


@pytest.mark.parametrize("scanner", ["127.0.0.1:1", "unix:/nowhere/clamd"])
def test_while_the_scanner_is_away_nothing_comes_in(scanner: str) -> None:
    with pytest.raises(Unavailable) as refused:
        brought(TEXT, scanner)

    assert refused.value.code == "scanner_away"


@pytest.mark.parametrize("name", ["eicar.txt", "eicar.com", "通知.pdf"])
def test_the_scanners_test_file_is_refused_without_a_scanner_too(name: str) -> None:
    data = b"".join(_EICAR)

    with pytest.raises(Invalid) as refused:
        uploads.check(name, io.BytesIO(data), limits=Settings())

    assert refused.value.code in ("infected", "name_refused")


def test_the_test_file_is_the_one_that_scanners_know() -> None:
    data = b"".join(_EICAR)

    assert len(data) == 68
    assert data.startswith(b"X5O!P%@AP")
    assert data.endswith(b"!$H+H*")
    ours = Path(uploads.__file__).with_name("virus_scan.py").read_bytes()
    assert data not in ours, "a scanner would take our own source away"
