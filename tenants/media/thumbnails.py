"""Small pictures for lists of files."""

from __future__ import annotations

import io

from PIL import Image

from hosting.runtime.errors import Invalid
from hosting.runtime.language import N_

SIZE = (320, 240)
_QUALITY = 78


def thumbnail(data: bytes) -> bytes:
    """A JPEG of a picture, at most SIZE; takes milliseconds, also of large photographs.

    Raises Invalid for what cannot be read as a picture.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", SIZE)
            small = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Invalid("image_damaged", N_("图片已损坏，打不开")) from error
    small.thumbnail(SIZE)
    out = io.BytesIO()
    _on_white(small).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
