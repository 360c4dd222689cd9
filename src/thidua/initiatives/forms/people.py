"""Particulars of the authors, and who took part in first applying it, on one screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from thidua.initiatives.domain.participants import Helped, Particulars
from thidua.initiatives.forms.fields import DayField
from thidua.initiatives.models import Authorship, Initiative, Participant

COLUMNS = ("born_on", "workplace", "job_title", "qualification")


@dataclass
class PersonRow:
    """One person on the screen, as typed."""

    key: str
    name: str = ""
    work: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    @property
    def particulars(self) -> Particulars:
        return Particulars(self._day(), *(self.typed.get(name, "") for name in COLUMNS[1:]))

    def _day(self) -> date | None:
        try:
            return DayField(required=False).clean(self.typed.get("born_on", ""))
        except ValidationError as error:
            self.fault = " ".join(error.messages)
            return None


class PeopleSheet:
    """What stands on the screen; nothing is written until it is saved."""

    def __init__(self, initiative: Initiative, posted: MultiValueDict | None = None) -> None:
        self.initiative, self.fault = initiative, ""
        self.authors = [self._author(a, posted) for a in initiative.authorships.all()]
        if posted is None:
            self.helped = [self._written(p) for p in initiative.participants.all()]
        else:
            count = min(int(posted.get("rows", "0")) if posted.get("rows", "").isdecimal() else 0, 60)
            dropped = posted.get("drop", "")
            self.helped = [self._typed(posted, str(n)) for n in range(count) if str(n) != dropped]
            if "add" in posted:
                self.helped.append(PersonRow(key=""))
        for n, row in enumerate(self.helped):
            row.key = str(n)

    def _author(self, authorship: Authorship, posted: MultiValueDict | None) -> PersonRow:
        row = PersonRow(key=str(authorship.pk), name=authorship.name)
        row.typed = {
            c: posted.get(f"a{row.key}-{c}", "") if posted else _shown(getattr(authorship, c)) for c in COLUMNS
        }
        return row

    def _written(self, participant: Participant) -> PersonRow:
        return PersonRow("", participant.name, participant.work, {c: _shown(getattr(participant, c)) for c in COLUMNS})

    def _typed(self, posted: MultiValueDict, key: str) -> PersonRow:
        typed = {c: posted.get(f"p{key}-{c}", "") for c in COLUMNS}
        return PersonRow(key, posted.get(f"p{key}-name", "").strip(), posted.get(f"p{key}-work", "").strip(), typed)

    def described(self) -> dict[int, Particulars]:
        return {int(row.key): row.particulars for row in self.authors}

    def rows(self) -> list[Helped]:
        """What `participants.replace` takes; rows left wholly empty are not meant."""
        return [
            Helped(row.name, row.work, row.particulars)
            for row in self.helped
            if row.name or row.work or any(row.typed.values())
        ]

    def is_valid(self) -> bool:
        self.described(), self.rows()
        faulty = [row for row in (*self.authors, *self.helped) if row.fault]
        self.fault = _("%(name)s: %(fault)s") % {"name": faulty[0].name, "fault": faulty[0].fault} if faulty else ""
        return not faulty


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
