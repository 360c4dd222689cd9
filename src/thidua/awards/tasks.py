"""Background work: the certificates of a decision."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.awards.domain import certificates
from thidua.kernel import installation


@app.task(name="awards.prepare", retry=2)
@installation.standing_clock()
def prepare(recognition_id: int) -> None:
    certificates.prepare(recognition_id)
