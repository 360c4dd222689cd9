"""The frame of a certificate and the QR code, drawn as SVG."""

import io
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import segno
import typst
from PIL import Image

FRAME_PICTURE = Path(__file__).with_name("templates") / "certificate-frame.png"

_GOLD, _RED, _TINT = "#b8862b", "#b01c1c", "#f3e6c8"
_WIDTH, _HEIGHT = 297.0, 210.0
_BAND = 13.0  # the middle of the ornamental band, from the edge of the sheet
_WAVE, _REACH = 8.0, 3.0
_PICTURE_DPI = 250
_PICTURE_COLORS = 64
_MASK = 3
_RAYS = 14  # the star of the Đông Sơn drum


def qr(address: str, *, border: int = 4) -> str:
    """A QR code that survives a fold or a stain (level Q), as SVG."""
    made = io.BytesIO()
    # Trying all eight masks costs 80 % of the time; readers accept any mask.
    code = segno.make(address, error="q", micro=False, boost_error=False, mask=_MASK)
    code.save(made, kind="svg", border=border, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return made.getvalue().decode("utf-8")


def frame_picture() -> bytes:
    """The frame as a PNG, kept beside the template: a PDF keeps a picture once, but repeats drawings."""
    page = (
        f"#set page(width: {_WIDTH}mm, height: {_HEIGHT}mm, margin: 0mm)\n"
        '#image(bytes(sys.inputs.frame), format: "svg")'
    )
    drawn = typst.compile(page.encode(), format="png", ppi=_PICTURE_DPI, sys_inputs={"frame": frame()})
    made = io.BytesIO()
    picture = Image.open(io.BytesIO(drawn)).convert("RGB").quantize(_PICTURE_COLORS, dither=Image.Dither.NONE)
    picture.save(made, "png", optimize=True)
    return made.getvalue()


def frame() -> str:
    """The border of an A4 landscape certificate: interlaced waves, corner rosettes, a faint drum face."""
    parts = [*_drum(), *_lines(), *_waves(), *_rosettes()]
    return _sheet("".join(parts))


def _sheet(inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}mm" height="{_HEIGHT}mm" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{inside}</svg>'
    )


def _path(points: Iterable[tuple[float, float]], color: str, width: float, *, closed: bool = False) -> str:
    drawn = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return f'<path d="M{drawn}{"Z" if closed else ""}" fill="none" stroke="{color}" stroke-width="{width}"/>'


def _circle(x: float, y: float, radius: float, look: str) -> str:
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" {look}/>'


def _lines() -> Iterator[str]:
    for inset, width, color in ((7.0, 0.9, _RED), (8.6, 0.3, _GOLD), (17.4, 0.3, _GOLD), (18.8, 0.6, _RED)):
        yield (
            f'<rect x="{inset}" y="{inset}" width="{_WIDTH - 2 * inset}" height="{_HEIGHT - 2 * inset}" '
            f'fill="none" stroke="{color}" stroke-width="{width}"/>'
        )


def _waves() -> Iterator[str]:
    across, down = _WIDTH - 2 * _BAND, _HEIGHT - 2 * _BAND
    for length, place in (
        (across, lambda at, off: (_BAND + at, _BAND + off)),
        (across, lambda at, off: (_BAND + at, _HEIGHT - _BAND + off)),
        (down, lambda at, off: (_BAND + off, _BAND + at)),
        (down, lambda at, off: (_WIDTH - _BAND + off, _BAND + at)),
    ):
        count = round(length / _WAVE)
        steps = count * 12
        for phase in range(4):
            shift = math.pi * phase / 2
            points = (
                place(length * i / steps, _REACH * math.sin(2 * math.pi * count * i / steps + shift))
                for i in range(steps + 1)
            )
            yield _path(points, _GOLD, 0.28)
        for i in range(1, count * 2):
            x, y = place(length * i / (count * 2), 0)
            yield _circle(x, y, 0.42, f'fill="{_RED}"')


def _rosettes() -> Iterator[str]:
    for x in (_BAND, _WIDTH - _BAND):
        for y in (_BAND, _HEIGHT - _BAND):
            yield _circle(x, y, 7.2, f'fill="#ffffff" stroke="{_RED}" stroke-width="0.6"')
            for ring in range(4):
                turn = math.pi * ring / 16
                angles = [2 * math.pi * i / 192 for i in range(192)]
                points = [
                    (x + r * math.cos(a + turn), y + r * math.sin(a + turn))
                    for a in angles
                    for r in [4.6 + 1.7 * math.cos(8 * a)]
                ]
                yield _path(points, _GOLD, 0.25, closed=True)
            yield _circle(x, y, 2.5, f'fill="{_RED}"')
            yield _star(x, y, 2.1, 0.9, 5, "#f7d774")


def _star(x: float, y: float, outer: float, inner: float, rays: int, fill: str) -> str:
    points = []
    for i in range(rays * 2):
        radius, angle = (outer, inner)[i % 2], math.pi * i / rays - math.pi / 2
        points.append(f"{x + radius * math.cos(angle):.2f},{y + radius * math.sin(angle):.2f}")
    return f'<polygon points="{" ".join(points)}" fill="{fill}"/>'


def _drum() -> Iterator[str]:
    x, y = _WIDTH / 2, _HEIGHT / 2
    yield _star(x, y, 24, 7, _RAYS, _TINT)
    look = f'fill="none" stroke="{_TINT}" stroke-width="0.5"'
    for radius in (26, 28, 36, 38, 48, 50, 60, 62):
        yield _circle(x, y, radius, look)
    for radius, count, size in ((32, 42, 1.7), (55, 72, 1.9)):
        for i in range(count):
            angle = 2 * math.pi * i / count
            yield _circle(x + radius * math.cos(angle), y + radius * math.sin(angle), size, look)
    for i in range(60):
        angle, half = 2 * math.pi * i / 60, math.pi / 60
        teeth = [
            (x + r * math.cos(angle + turn), y + r * math.sin(angle + turn))
            for r, turn in ((39.5, -half), (46.5, 0), (39.5, half))
        ]
        yield _path(teeth, _TINT, 0.5, closed=True)
