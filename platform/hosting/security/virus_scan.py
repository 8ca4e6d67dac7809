"""Asking a virus scanner about a file that comes in (ClamAV's `clamd`, by socket).

Optional: without an address in the settings only the scanners' own test file is refused. With one,
nothing comes in that the scanner has not passed; while it is away, nothing comes in.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

from hosting.runtime.errors import Invalid, Unavailable
from hosting.runtime.language import N_

_SECONDS = 30
_CHUNK_BYTES = 65_536
_LONGEST_ANSWER = 4_096
# The test file of the European Institute for Computer Antivirus Research, told by the two halves
# of its text: whole, it would be found in our own source.
_EICAR = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")


def refuse_infected(data: bytes, *, scanner: str) -> None:
    """Raise Invalid when the file is infected, Unavailable when a scanner is set and cannot say.

    `scanner` is `host:port`, `unix:/path` or "".
    """
    if b"".join(_EICAR) in data:
        raise _infected("EICAR")
    if scanner:
        _judge(_answer(scanner, data))


def _judge(answer: str) -> None:
    if answer.endswith(" OK"):
        return
    if answer.endswith(" FOUND"):
        raise _infected(answer.removesuffix(" FOUND").rpartition(": ")[2])
    # Too large for the scanner, or a fault of its own: not passed is not passed.
    raise _away()


def _answer(scanner: str, data: bytes) -> str:
    """What clamd says to the whole file (its command INSTREAM)."""
    try:
        with closing(_connected(scanner)) as link:
            link.sendall(b"zINSTREAM\0")
            for chunk in _chunks(data):
                link.sendall(struct.pack("!I", len(chunk)) + chunk)
            link.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                if not (more := link.recv(_LONGEST_ANSWER)):
                    break
                answer += more
    except OSError as error:
        raise _away() from error
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith("unix:"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(_SECONDS)
            link.connect(scanner.removeprefix("unix:"))
        except OSError:
            link.close()
            raise
        return link
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK_BYTES):
        yield data[start : start + _CHUNK_BYTES]


def _infected(virus: str) -> Invalid:
    return Invalid(
        "infected",
        N_("“{file}”含有病毒或恶意程序（{virus}），没有收下；请先查杀本机病毒，再重新制作文件"),
        virus=virus,
    )


def _away() -> Unavailable:
    return Unavailable(
        "scanner_away", N_("病毒扫描服务暂时不可用，文件没有收下；请稍后重新上传，或联系运维人员")
    )
