"""Small drawn pictures in place of photographs."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw

TONES = {"before": ((214, 208, 200), (150, 132, 118)), "after": ((206, 226, 214), (58, 125, 92))}


def photo(random: Random, side: str) -> bytes:
    """A JPEG of 640 × 480 with an abstract workplace; `side`: before | after."""
    ground, ink = TONES[side]
    image = Image.new("RGB", (640, 480), ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 340, 640, 480), fill=tuple(c - 24 for c in ground))
    count = 9 if side == "before" else 5
    for i in range(count):
        x = random.randint(20, 520) if side == "before" else 60 + i * 108
        y = random.randint(150, 320) if side == "before" else 210
        size = random.randint(50, 110) if side == "before" else 86
        draw.rounded_rectangle((x, y, x + size, y + size), radius=12, fill=ink, outline=(255, 255, 255), width=3)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78)
    return out.getvalue()
