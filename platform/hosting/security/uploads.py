"""The one check for files that come in, whichever door they use.

The type is told by the content, the name is kept whole in Chinese, pictures are drawn anew,
archives are looked into and never unpacked. Every refusal says what is wrong and what to do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from hosting.runtime.errors import Invalid, Problem, Unavailable
from hosting.runtime.language import N_
from hosting.security import archives, file_kinds, file_names, images
from hosting.security.file_kinds import Kind
from hosting.security.virus_scan import refuse_infected


class Limits(Protocol):
    """How large a file may be; the platform's settings are such limits."""

    @property
    def upload_limit_bytes(self) -> int:
        """The most bytes of one file."""

    @property
    def image_pixel_limit(self) -> int:
        """The most pixels of one picture."""

    @property
    def clamav(self) -> str:
        """Where a virus scanner listens; "": there is none."""


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be kept and shown; `warnings` are for the person who brought it."""

    name: str
    content_type: str
    data: bytes
    digest: str
    width: int | None = None
    height: int | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def size_bytes(self) -> int:
        """The length of the data."""
        return len(self.data)


def check(name: str, stream: BinaryIO, *, limits: Limits) -> CheckedUpload:
    """Read and check one file; what is kept may differ from what came (pictures, names).

    Raises Invalid with a code of its own for each reason, Unavailable while a virus scanner that is
    set can't be asked; the facts hold the file's name.
    """
    name = file_names.safe_name(name)
    try:
        data = _read(stream, limits.upload_limit_bytes)
        _check_name(name)
        refuse_infected(data, scanner=limits.clamav)
        return _checked(name, data, limits)
    except (Invalid, Unavailable) as refused:
        refused.facts.setdefault("file", name)
        raise


def _read(stream: BinaryIO, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if not data:
        raise Invalid("upload_empty", N_("“{file}”是空文件，请核对后重新上传"))
    if len(data) > limit:
        raise Invalid(
            "upload_too_large",
            N_("“{file}”过大，单个文件不超过 {limit} MB，请压缩或拆分"),
            limit=limit // 1_048_576,
        )
    return data


def _check_name(name: str) -> None:
    """A program's extension is refused also before another: some servers go by the first."""
    hidden = [part.strip().lower() for part in name.split(".")[1:]]
    runnable = next((part for part in hidden if part in file_kinds.RUNNABLE), None)
    if runnable == "svg":
        raise Invalid("svg_refused", N_("不能上传 SVG 图（可含脚本），请另存为 PNG 后上传"))
    if runnable is not None:
        raise Invalid(
            "name_refused",
            N_("“{file}”的名称含有程序类扩展名 .{extension}，不能上传"),
            extension=runnable,
        )


def _checked(name: str, data: bytes, limits: Limits) -> CheckedUpload:
    if file_kinds.is_zip(data):
        return _checked_zip(name, data)
    kind = file_kinds.kind_of(data)
    if kind is None:
        raise _not_allowed(data)
    if kind.family == "image":
        return _checked_image(name, data, limits)
    if kind is file_kinds.PDF:
        _check_pdf(data)
    return _accepted(name, kind, data, _warnings(kind, data))


def _checked_image(name: str, data: bytes, limits: Limits) -> CheckedUpload:
    """A picture is named by what it is: old sites are full of PNGs called .jpg."""
    picture = images.redraw(data, pixel_limit=limits.image_pixel_limit)
    kind = file_kinds.IMAGES[picture.format]
    if file_names.extension(name) not in kind.extensions:
        name = file_names.with_extension(name, kind.extensions[0])
    return CheckedUpload(
        name,
        kind.content_types[0],
        picture.data,
        _digest(picture.data),
        picture.width,
        picture.height,
    )


def _checked_zip(name: str, data: bytes) -> CheckedUpload:
    parts = archives.entry_names(data)
    kind = file_kinds.kind_of_archive(parts)
    warnings: tuple[Problem, ...] = ()
    if kind is file_kinds.ZIP:
        archives.refuse_programs(parts)
    elif any(part.endswith("vbaProject.bin") for part in parts):
        warnings = (_MACROS,)
    return _accepted(name, kind, data, warnings)


def _accepted(
    name: str, kind: Kind, data: bytes, warnings: tuple[Problem, ...] = ()
) -> CheckedUpload:
    own = file_names.extension(name)
    if not own or own in kind.mistaken:
        own = kind.extensions[0]
        name = file_names.with_extension(name, own)
    if own not in kind.extensions:
        raise Invalid(
            "name_differs",
            N_("“{file}”的内容其实是 {kind} 文件，请改正扩展名，或用相应软件另存后上传"),
            kind=kind.extensions[0].upper(),
        )
    if kind is file_kinds.PLAIN:
        data = _in_utf_8(data, own)
    return CheckedUpload(name, kind.content_type(own), data, _digest(data), warnings=warnings)


def _in_utf_8(data: bytes, own: str) -> bytes:
    """Text is announced as UTF-8, so it has to be; spreadsheets know it by its mark alone."""
    text = file_kinds.decoded_text(data) or ""
    return text.encode("utf-8-sig" if own == "csv" else "utf-8")


def _check_pdf(data: bytes) -> None:
    """A PDF ends with its mark; what stands behind it is for another program than a PDF reader."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Invalid("pdf_damaged", N_("“{file}”不完整，请重新导出 PDF 后上传"))
    if len(data) - end > _LONGEST_PDF_TAIL:
        raise Invalid("pdf_polyglot", N_("“{file}”末尾附加了其他内容，请重新导出 PDF 后上传"))


def _warnings(kind: Kind, data: bytes) -> tuple[Problem, ...]:
    if kind.family == "old office" and file_kinds.has_macros(data):
        return (_MACROS,)
    if kind is file_kinds.PDF and any(sign in data for sign in _PDF_ACTIONS):
        return (_PDF_SCRIPT,)
    if kind.family == "closed archive":
        return (_NOT_LOOKED_INTO,)
    return ()


def _not_allowed(data: bytes) -> Invalid:
    if data.lstrip()[:1] == b"<":
        return Invalid("page_refused", N_("“{file}”是网页或脚本文件，不能作为附件上传"))
    return Invalid("type_refused", N_("不支持“{file}”这类文件，可上传：{kinds}"), kinds=_ACCEPTED)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_LONGEST_PDF_TAIL = 1_024
_PDF_ACTIONS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
_ACCEPTED = "PDF、OFD、Word、Excel、PPT、WPS、TXT、CSV、ZIP、RAR、JPG、PNG、GIF、WebP、MP3、MP4"
_MACROS = Problem(
    "file", "has_macros", N_("文件含有宏，读者打开时会看到安全警告，建议另存为不含宏的文件")
)
_PDF_SCRIPT = Problem("file", "has_script", N_("PDF 内含脚本或嵌入文件，建议重新导出为普通 PDF"))
_NOT_LOOKED_INTO = Problem("file", "not_looked_into", N_("RAR 文件无法检查内容，建议改用 ZIP"))
