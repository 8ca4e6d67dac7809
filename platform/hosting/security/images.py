"""Pictures are drawn anew: what comes out holds pixels and nothing that came along with them.

That takes off the place and the camera a photo was taken with, and everything that was appended to
a picture to make it something else as well.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_

# Pillow writes a photo's metadata into its log as it reads it.
logging.getLogger("PIL").setLevel(logging.WARNING)

# Our own limit is checked before a pixel is read; Pillow's would only warn, or stop at its own.
Image.MAX_IMAGE_PIXELS = None

MAXIMUM_FRAMES = 300
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
# Formats that pages cannot show well end as others.
_WRITTEN_AS = {"BMP": "PNG"}
_KEPT = ("transparency", "duration", "loop", "background", "disposal")
_QUALITY = 90


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew; `format` is Pillow's name of it."""

    data: bytes
    format: str
    width: int
    height: int


def redraw(data: bytes, *, pixel_limit: int) -> Picture:
    """The picture without anything but its pixels, turned upright.

    Raises Invalid ("image_damaged", "image_too_large").
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(image, pixel_limit)
            return _redrawn(image)
    # Pillow's decoders raise any of these for damaged files.
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        raise Invalid("image_damaged", N_("图片已损坏，打不开，请重新保存后上传")) from error


def _check_size(image: Image.Image, pixel_limit: int) -> None:
    width, height = image.size
    if width * height > pixel_limit:
        raise Invalid(
            "image_too_large",
            N_("图片为 {width}×{height} 像素，过大，请缩小到 {limit} 万像素以内"),
            width=width,
            height=height,
            limit=pixel_limit // 10_000,
        )
    frames = _frames(image)
    if frames > MAXIMUM_FRAMES or frames * width * height > 4 * pixel_limit:
        raise Invalid("image_too_long", N_("动图的帧数过多，请截短后上传，或改传视频"))


def _frames(image: Image.Image) -> int:
    """How many frames there are, counted no further than is needed."""
    count = 1
    try:
        while count <= MAXIMUM_FRAMES:
            image.seek(count)
            count += 1
    except EOFError:
        pass
    image.seek(0)
    return count


def _redrawn(image: Image.Image) -> Picture:
    source = str(image.format)
    target = _WRITTEN_AS.get(source, source)
    is_moving = target in ("GIF", "WEBP") and getattr(image, "is_animated", False)
    plain = image if is_moving else _upright(image)
    plain.info = {name: plain.info[name] for name in _KEPT if name in plain.info}
    out = io.BytesIO()
    plain.save(out, target, save_all=is_moving, **_options(plain, target))
    return Picture(out.getvalue(), target, *plain.size)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera meant it, in the colours that browsers assume; itself where it is so."""
    if _orientation(image) != 1:
        image = ImageOps.exif_transpose(image)
    image = _in_srgb(image)
    if image.mode == "CMYK":
        image = image.convert("RGB")
    return image


def _orientation(image: Image.Image) -> int:
    """How the camera was held (1: upright); damaged metadata spoil no picture."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, TypeError, OSError):
        return 1


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _options(plain: Image.Image, target: str) -> dict[str, Any]:
    """As little loss as can be: a JPEG that is as it came keeps its own tables."""
    if target == "JPEG":
        return {"quality": "keep" if plain.format == "JPEG" else _QUALITY}
    return {"quality": _QUALITY} if target == "WEBP" else {}
