"""Issue a paper: take its number, render it, keep the bytes. Issued papers never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from thidua.documents.choices import Purpose
from thidua.documents.domain import files, registers
from thidua.documents.models import Paper, StoredFile
from thidua.documents.rendering import official
from thidua.documents.rendering.official import OfficialPaper
from thidua.kernel import clock, installation
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people.models import Person


def issue(
    unit: Unit,
    kind: str,
    draft: OfficialPaper,
    *,
    by: acts.Actor,
    title: str,
    issued_on: date,
    number: int | None = None,
    symbol: str = "",
    xlsx: bytes | None = None,
    supersedes: Paper | None = None,
) -> Paper:
    """Number and freeze a paper. `draft` is complete but for number, symbol and date.

    A paper from the past keeps its own `symbol`; else it follows from kind and unit.

    Raises Refused when the wanted `number` is taken.
    """
    with transaction.atomic():
        taken = registers.take_number(unit, issued_on.year, number)
        symbol = symbol or registers.symbol_of(kind, unit)
        finished = replace(
            draft,
            number=taken,
            symbol=symbol,
            issued_on=issued_on,
            draft=False,
            demonstration=installation.current().is_demonstration,
        )
        paper = Paper.objects.create(
            unit=unit,
            kind=kind,
            number=taken,
            symbol=symbol,
            issued_on=issued_on,
            title=title,
            signer=finished.signer,
            supersedes=supersedes,
            created_at=clock.now(),
        )
        stem = f"{taken:02d}-{symbol}".replace("/", "-")
        paper.docx = _keep(official.to_docx(finished), f"{stem}.docx", files.DOCX, unit, by)
        paper.pdf = _keep(official.to_pdf(finished), f"{stem}.pdf", "application/pdf", unit, by)
        if xlsx is not None:
            paper.xlsx = _keep(xlsx, f"{stem}.xlsx", files.XLSX, unit, by)
        paper.save(update_fields=["docx", "pdf", "xlsx"])
        acts.record("documents.paper.issued", paper, by=by, after={"number": paper.full_number})
    return paper


def _keep(content: bytes, name: str, content_type: str, unit: Unit, by: acts.Actor) -> StoredFile:
    given_by = by if isinstance(by, Person) else None
    return files.keep(content, name, content_type, purpose=Purpose.PAPER, unit=unit, by=given_by)
