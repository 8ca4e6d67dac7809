"""Looking into zip archives without unpacking them.

An archive is taken only when its list can be believed and what it would unpack to is bounded;
links, paths that lead out, hidden programs and locked entries are refused.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_
from hosting.security.file_kinds import RUNNABLE
from hosting.security.file_names import extension

MAXIMUM_ENTRIES = 5_000
MAXIMUM_UNPACKED_BYTES = 1_073_741_824
MAXIMUM_RATIO = 200
# Small files may well shrink by more than the ratio: a page of blanks does.
_HARMLESS_BYTES = 10_485_760

_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1
_UTF_8 = 0x800


def entry_names(data: bytes) -> frozenset[str]:
    """The names of all entries; raises Invalid for an archive that nobody should open."""
    entries = _entries(data)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAXIMUM_UNPACKED_BYTES or (
        unpacked > _HARMLESS_BYTES and unpacked > MAXIMUM_RATIO * len(data)
    ):
        raise Invalid("archive_bomb", N_("压缩包解开后过大，请拆分后分别上传"))
    for entry in entries:
        _check(entry)
    return frozenset(_name(entry) for entry in entries)


def refuse_programs(names: frozenset[str]) -> None:
    """Raise Invalid for an archive with programs or pages in it."""
    runnable = sorted(name for name in names if extension(name) in RUNNABLE)
    if runnable:
        raise Invalid(
            "archive_has_programs",
            N_("压缩包内含有程序或网页文件“{name}”，请去掉后重新压缩"),
            name=runnable[0],
        )


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise _damaged() from error


def _check_end(data: bytes) -> None:
    """The list's own count is looked at first: reading a million entries is the attack."""
    at = data.rfind(_END_SIGN, max(0, len(data) - _LONGEST_COMMENT - _END.size))
    if at < 0 or at + _END.size > len(data):
        raise _damaged()
    _, _, _, _, entries, _, _, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise Invalid("archive_polyglot", N_("文件末尾附加了其他内容，请重新导出或重新压缩"))
    if entries > MAXIMUM_ENTRIES:
        raise Invalid(
            "archive_too_many", N_("压缩包内文件过多，最多 {limit} 个"), limit=MAXIMUM_ENTRIES
        )


def _check(entry: zipfile.ZipInfo) -> None:
    name = _name(entry)
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        raise Invalid("archive_path", N_("压缩包内的路径“{name}”有误，请重新压缩"), name=name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid("archive_link", N_("压缩包内含有链接“{name}”，请换成文件本身"), name=name)
    if entry.flag_bits & _ENCRYPTED:
        raise Invalid("archive_locked", N_("压缩包设有密码，无法检查，请去掉密码后上传"))


def _name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK and doesn't say so; Python then reads them as cp437."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _damaged() -> Invalid:
    return Invalid("archive_damaged", N_("文件已损坏，打不开，请重新导出或重新压缩后上传"))
