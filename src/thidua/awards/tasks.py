"""Background work: the certificates of a decision."""

from __future__ import annotations

from procrastinate.contrib.django import app

from thidua.awards.domain import certificates


@app.task(name="awards.prepare", retry=2)
def prepare(recognition_id: int) -> None:
    certificates.prepare(recognition_id)
