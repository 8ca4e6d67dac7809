"""Files come in as what they are, under the names people gave them, and bring nothing along."""

from __future__ import annotations

import io
import logging
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from hosting.runtime.errors import Invalid
from hosting.security.file_names import LONGEST_BYTES, safe_name
from hosting.security.uploads import CheckedUpload, check


@dataclass(frozen=True)
class Small:
    """Limits that tests can reach."""

    upload_limit_bytes: int = 3_000_000
    image_pixel_limit: int = 1_000_000
    clamav: str = ""


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SECRET = b"118.0916E 24.4798N"


def take(name: str, data: bytes, **limits: int) -> CheckedUpload:
    return check(name, io.BytesIO(data), limits=Small(**limits))


def refusal(name: str, data: bytes, **limits: int) -> Invalid:
    with pytest.raises(Invalid) as refused:
        take(name, data, **limits)
    assert refused.value.facts["file"]
    assert "{" not in str(refused.value)
    return refused.value


def old_office(stream: str, *more: str) -> bytes:
    return COMPOUND + b"".join(part.encode("utf-16-le") for part in (stream, *more))


def zipped(entries: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#a03030").save(out, kind, **options)
    return out.getvalue()


DOCX = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("关于印发《方案》的通知（2026年第1号）.pdf", PDF, "application/pdf"),
        ("附件1：申请表.docx", DOCX, "application/vnd.openxmlformats-officedocument"),
        ("旧表.doc", old_office("WordDocument"), "application/msword"),
        ("旧表.wps", old_office("WordDocument"), "application/vnd.ms-works"),
        ("名单.xls", old_office("Workbook"), "application/vnd.ms-excel"),
        ("名单.et", old_office("Workbook"), "application/octet-stream"),
        ("解读.ppt", old_office("PowerPoint Document"), "application/vnd.ms-powerpoint"),
        ("公文.ofd", zipped({"OFD.xml": b"<OFD/>"}), "application/ofd"),
        ("材料.zip", zipped({"一.pdf": PDF}), "application/zip"),
        ("材料.rar", b"Rar!\x1a\x07\x01\x00" + b"x" * 40, "application/vnd.rar"),
        ("说明.txt", "你好，世界".encode(), "text/plain; charset=utf-8"),
        ("通知.doc", b"{\\rtf1\\ansi x}", "application/msword"),
        ("讲话.mp3", b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90" * 20, "audio/mpeg"),
        ("新闻.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 40, "video/mp4"),
        ("照片.jpg", picture("JPEG"), "image/jpeg"),
        ("动图.gif", picture("GIF"), "image/gif"),
        ("图.webp", picture("WEBP"), "image/webp"),
    ],
)
def test_what_offices_use_comes_in_under_its_whole_name(
    name: str, data: bytes, content_type: str
) -> None:
    taken = take(name, data)

    assert taken.name == name
    assert taken.content_type.startswith(content_type)
    assert taken.size_bytes == len(taken.data) > 0
    assert len(taken.digest) == 64


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("page.html", b"<html>", "name_refused"),
        ("图.svg", b"<svg onload='a()'/>", "svg_refused"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "page_refused"),
        ("说明.txt", b"\xef\xbb\xbf<!DOCTYPE html><script>a()</script>"[3:], "page_refused"),
        ("说明.txt", b"<?php system($_GET[0]);", "page_refused"),
        ("photo.php.jpg", picture("JPEG"), "name_refused"),
        ("photo.jpg.exe", picture("JPEG"), "name_refused"),
        ("表.jsp .doc", old_office("WordDocument"), "name_refused"),
        ("工具.pdf", b"MZ\x90\0" + b"\0" * 100, "type_refused"),
        ("通知.pdf", DOCX, "name_differs"),
        ("通知.doc", PDF, "name_differs"),
        ("通知.docx", b"PK\x03\x04" + b"x" * 200, "archive_damaged"),
        ("通知.pdf", PDF[:-8], "pdf_damaged"),
        ("通知.pdf", PDF + zipped({"a.class": b"x" * 3000}) + b"\n" * 1000, "pdf_polyglot"),
        ("空.pdf", b"", "upload_empty"),
        ("坏.jpg", picture("JPEG")[:200], "image_damaged"),
        ("文.txt", b"\x00\x01\x02binary", "type_refused"),
        ("", b"\x7fELF" + b"\0" * 64, "type_refused"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_the_reason(
    name: str, data: bytes, code: str
) -> None:
    assert refusal(name, data).code == code


def test_sizes_in_bytes_and_pixels_are_limited() -> None:
    assert refusal("大.pdf", PDF + b"\n" * 100, upload_limit_bytes=len(PDF)).code == (
        "upload_too_large"
    )
    assert refusal("大.png", picture("PNG", (1100, 1000))).code == "image_too_large"
    assert take("行.png", picture("PNG", (1000, 1000))).width == 1000


def test_photos_lose_where_and_with_what_they_were_taken_but_stand_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()

    taken = take("照片.jpg", picture("JPEG", exif=exif) + SECRET)

    assert (taken.width, taken.height) == (40, 60)
    assert SECRET not in taken.data
    assert not Image.open(io.BytesIO(taken.data)).getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_is_hidden_in_or_behind_a_picture_is_gone(kind: str) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    options: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": text},
        "GIF": {"comment": SECRET},
        "JPEG": {"comment": SECRET},
    }
    options["WEBP"] = {"xmp": SECRET, "exif": b"Exif\0\0" + SECRET}
    data = picture(kind, **options[kind]) + b"<?php " + SECRET + zipped({"a.php": b"x"})
    assert SECRET in data

    taken = take(f"图.{kind.lower()}", data)

    assert SECRET not in taken.data
    assert b"<?php" not in taken.data
    assert b"PK\x05\x06" not in taken.data


def test_a_plain_photo_keeps_its_pixels_nearly() -> None:
    noise = Image.effect_noise((80, 80), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    before = Image.open(io.BytesIO(out.getvalue())).convert("L")

    after = Image.open(io.BytesIO(take("照片.jpg", out.getvalue()).data)).convert("L")

    assert ImageStat.Stat(ImageChops.difference(before, after)).mean[0] < 1


def test_moving_pictures_keep_moving() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0
    )

    moved = Image.open(io.BytesIO(take("动图.gif", out.getvalue()).data))

    durations = []
    for frame in range(3):
        moved.seek(frame)
        durations.append(moved.info["duration"])
    assert durations == [100, 200, 300]
    with pytest.raises(EOFError):
        moved.seek(3)


def test_endless_moving_pictures_are_refused() -> None:
    frames = [Image.new("RGB", (400, 400), (6 * shade, 9, 9)) for shade in range(40)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    assert refusal("动图.gif", out.getvalue()).code == "image_too_long"


@pytest.mark.parametrize(
    ("given", "data", "kept"),
    [
        ("照片.jpg", picture("PNG"), "照片.png"),
        ("照片", picture("PNG"), "照片.png"),
        ("照片.bmp", picture("BMP"), "照片.png"),
        ("通知.doc", DOCX, "通知.docx"),
        ("通知", PDF, "通知.pdf"),
    ],
)
def test_an_honest_mistake_in_the_extension_is_put_right(
    given: str, data: bytes, kept: str
) -> None:
    assert take(given, data).name == kept


def test_text_of_any_chinese_charset_is_kept_as_utf_8() -> None:
    assert take("说明.txt", "第一条　总则".encode("gb18030")).data == "第一条　总则".encode()
    assert take("表.csv", "甲,乙".encode("gbk")).data == "\ufeff甲,乙".encode()


def test_programs_inside_documents_are_told() -> None:
    macros = zipped({"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"})
    script = PDF.replace(b"<<>>", b"<</S/JavaScript>>", 1)

    assert [w.code for w in take("表.docx", macros).warnings] == ["has_macros"]
    old = old_office("WordDocument", "_VBA_PROJECT")
    assert [w.code for w in take("表.doc", old).warnings] == ["has_macros"]
    assert [w.code for w in take("文.pdf", script).warnings] == ["has_script"]
    assert take("文.pdf", PDF).warnings == ()


def archive_with(name: str, mode: int = 0o100644, flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, b"content")
    data = out.getvalue()
    if flags:
        at = data.rfind(b"PK\x01\x02") + 8
        data = data[:at] + flags.to_bytes(2, "little") + data[at + 2 :]
    return data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive_with("../../etc/cron.d/x"), "archive_path"),
        (archive_with("/etc/passwd"), "archive_path"),
        (archive_with("C:\\Windows\\x"), "archive_path"),
        (archive_with("a\\..\\..\\x.pdf"), "archive_path"),
        (archive_with("link.pdf", stat.S_IFLNK | 0o777), "archive_link"),
        (archive_with("secret.pdf", flags=1), "archive_locked"),
        (archive_with("工具/setup.exe"), "archive_has_programs"),
        (archive_with("网站/index.html"), "archive_has_programs"),
        (zipped({f"{n}.txt": b"" for n in range(5_001)}), "archive_too_many"),
        (zipped({"0.txt": b"\0" * 30_000_000}), "archive_bomb"),
        (zipped({"一.pdf": PDF}) + b"trailing", "archive_polyglot"),
        (b"PK\x03\x04" + PDF, "archive_damaged"),
    ],
)
def test_archives_are_looked_into_and_never_unpacked(data: bytes, code: str) -> None:
    assert refusal("材料.zip", data).code == code


def test_names_of_entries_written_by_chinese_windows_are_read() -> None:
    data = bytearray(zipped({"xx.exe": b"x"}))
    name = "工".encode("gbk")
    for at in range(len(data) - 6):
        if data[at : at + 6] == b"xx.exe":
            data[at : at + 2] = name

    assert "工.exe" in str(refusal("材料.zip", bytes(data)))


@pytest.mark.sample("hostile/scrapy_bombs")
def test_compression_bombs_never_come_in(sample: Path) -> None:
    for path in sorted(p for p in sample.rglob("*") if p.is_file() and "LICENSE" not in p.name):
        refusal(path.name + ".zip", path.read_bytes())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("关于印发通知.pdf", "关于印发通知.pdf"),
        ("C:\\Users\\李\\桌面\\通知.pdf", "通知.pdf"),
        ("../../etc/passwd", "passwd"),
        ("通知\u202efdp.exe", "通知fdp.exe"),
        ("a\u200bb\ufeffc\x00\x1f.pdf", "abc.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("名称?编号:1*.pdf", "名称_编号_1_.pdf"),
        (" 多  空格　名 .pdf ", "多 空格 名.pdf"),
        (".htaccess", "htaccess"),
        ("CON.pdf", "_CON.pdf"),
        ("...", "未命名"),
        ("㐂䶮𠮷.docx", "㐂䶮𠮷.docx"),
        ("云政发〔2026〕1号——附件（一）、“表”.xlsx", "云政发〔2026〕1号——附件（一）、“表”.xlsx"),
    ],
)  # fmt: skip
def test_names_keep_their_chinese_and_lose_what_pretends(given: str, kept: str) -> None:
    assert safe_name(given) == kept
    assert safe_name(kept) == kept


def test_overlong_names_are_cut_between_characters_and_keep_their_extension() -> None:
    cut = safe_name("长" * 200 + ".pdf")

    assert cut.endswith("长.pdf")
    assert len(cut.encode()) <= LONGEST_BYTES


def test_the_log_does_not_hear_what_a_photo_says_of_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Pillow tells its log every tag of the metadata that it reads."""
    caplog.set_level(logging.DEBUG)
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)

    take("照片.jpg", out.getvalue())

    assert SECRET in out.getvalue()
    assert SECRET.decode() not in caplog.text
