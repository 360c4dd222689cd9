"""The slips officers hand out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from thidua.documents.rendering import slips
from thidua.kernel import installation
from thidua.people.models import Person


class Issued(Protocol):
    """A code in the clear, as domain.codes has just made it."""

    @property
    def person(self) -> Person: ...

    @property
    def written(self) -> str: ...

    @property
    def expires_at(self) -> datetime: ...


def code_slips(issued: Sequence[Issued], page_address: str) -> bytes:
    """A PDF of slips. The code stands behind a # in the address: a server never logs it."""
    return slips.to_pdf(
        [
            slips.Slip(
                name=one.person.full_name,
                member_code=one.person.code,
                unit=one.person.unit.name,
                code=one.written,
                url=f"{page_address}#{one.written}",
                expires_at=one.expires_at,
            )
            for one in issued
        ],
        page_address=page_address,
        demonstration=installation.current().is_demonstration,
    )
