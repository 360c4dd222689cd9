"""A line chart drawn on the server: filed and counted week by week beside an even pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.safestring import SafeString

from thidua.kernel import formats
from thidua.targets.domain.surveys import Week

WIDTH, HEIGHT = 600, 200
_ROW = '<tr><th scope="row">{}</th>' + '<td class="num">{}</td>' * 3 + "</tr>"


@dataclass(frozen=True)
class Chart:
    """Points of three lines in a drawing of fixed size; words stand beside it as text."""

    weeks: Sequence[Week]
    filed: str
    counted: str
    even: str
    top: int
    target: Decimal | None

    @property
    def rows(self) -> SafeString:
        """The numbers behind the lines at the end of each month: years of weeks are more than anybody reads."""
        shown = [w for w, after in pairwise(self.weeks) if w.sunday.month != after.sunday.month] + [self.weeks[-1]]
        cells = ((formats.day(w.sunday), *map(formats.number, (w.filed, w.counted, w.even))) for w in shown)
        return SafeString("".join(_ROW.format(*row) for row in cells))  # numbers and days, nothing anybody typed


def drawn(weeks: Sequence[Week], target: Decimal | None) -> Chart | None:
    """None until there are two weeks to join by a line."""
    if len(weeks) < 2:
        return None
    top = max(1, *(max(w.filed, w.counted, w.even or 0) for w in weeks))
    step = WIDTH / (len(weeks) - 1)

    def line(value: Callable[[Week], int | None]) -> str:
        points = [(place * step, value(week)) for place, week in enumerate(weeks)]
        return " ".join(
            f"{x:.1f},{HEIGHT - number * (HEIGHT - 10) / top:.1f}" for x, number in points if number is not None
        )

    return Chart(weeks, line(lambda w: w.filed), line(lambda w: w.counted), line(lambda w: w.even), top, target)
