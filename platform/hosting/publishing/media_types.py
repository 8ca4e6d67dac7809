"""Which kinds of file a public tree may hold, and how each is announced.

Both servers take their answers from here: what has no entry is not published and not served, so a
script dropped into a tree is a missing page. Types from RFC 6838's registry.
"""

from __future__ import annotations

from typing import NamedTuple

_UTF_8 = "; charset=utf-8"


class MediaType(NamedTuple):
    """How a kind of file is announced, and whether compressing it is worth while."""

    name: str
    compressible: bool = False


MEDIA_TYPES: dict[str, MediaType] = {
    # What pages are made of.
    "html": MediaType("text/html" + _UTF_8, compressible=True),
    "css": MediaType("text/css" + _UTF_8, compressible=True),
    "js": MediaType("text/javascript" + _UTF_8, compressible=True),
    "json": MediaType("application/json", compressible=True),
    "webmanifest": MediaType("application/manifest+json", compressible=True),
    "xml": MediaType("text/xml" + _UTF_8, compressible=True),
    "rss": MediaType("application/rss+xml" + _UTF_8, compressible=True),
    "jsonfeed": MediaType("application/feed+json", compressible=True),
    "atom": MediaType("application/atom+xml" + _UTF_8, compressible=True),
    "txt": MediaType("text/plain" + _UTF_8, compressible=True),
    "woff2": MediaType("font/woff2"),
    # Images.
    "svg": MediaType("image/svg+xml", compressible=True),
    "ico": MediaType("image/x-icon"),
    "png": MediaType("image/png"),
    "jpg": MediaType("image/jpeg"),
    "jpeg": MediaType("image/jpeg"),
    "gif": MediaType("image/gif"),
    "bmp": MediaType("image/bmp"),
    "webp": MediaType("image/webp"),
    "avif": MediaType("image/avif"),
    "tif": MediaType("image/tiff"),
    "tiff": MediaType("image/tiff"),
    # Documents that offices attach.
    "pdf": MediaType("application/pdf"),
    "ofd": MediaType("application/ofd"),
    "doc": MediaType("application/msword"),
    "docx": MediaType("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xls": MediaType("application/vnd.ms-excel"),
    "xlsx": MediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt": MediaType("application/vnd.ms-powerpoint"),
    "pptx": MediaType("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "wps": MediaType("application/vnd.ms-works"),
    "et": MediaType("application/octet-stream"),
    "dps": MediaType("application/octet-stream"),
    "odt": MediaType("application/vnd.oasis.opendocument.text"),
    "ods": MediaType("application/vnd.oasis.opendocument.spreadsheet"),
    "odp": MediaType("application/vnd.oasis.opendocument.presentation"),
    "rtf": MediaType("application/rtf"),
    "csv": MediaType("text/csv" + _UTF_8, compressible=True),
    "ceb": MediaType("application/octet-stream"),
    "caj": MediaType("application/octet-stream"),
    # Archives.
    "zip": MediaType("application/zip"),
    "rar": MediaType("application/vnd.rar"),
    "7z": MediaType("application/x-7z-compressed"),
    # Sound and film.
    "mp3": MediaType("audio/mpeg"),
    "m4a": MediaType("audio/mp4"),
    "wav": MediaType("audio/wav"),
    "ogg": MediaType("audio/ogg"),
    "mp4": MediaType("video/mp4"),
    "webm": MediaType("video/webm"),
    "mov": MediaType("video/quicktime"),
    "avi": MediaType("video/x-msvideo"),
    "wmv": MediaType("video/x-ms-wmv"),
    "flv": MediaType("video/x-flv"),
}


def media_type(path: str) -> MediaType | None:
    """The media type of a path by its extension, in either case; None when it is not served."""
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        return None
    return MEDIA_TYPES.get(extension.lower())
