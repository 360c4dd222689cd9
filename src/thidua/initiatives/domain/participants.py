"""The tables of the statutory application: particulars of each author, and who took part in first applying it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.initiatives import rules
from thidua.initiatives.models import Authorship, Initiative, Participant
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.workflow.engine import refuse_unless

MOST = 50


@dataclass(frozen=True)
class Particulars:
    """What the application asks of a person."""

    born_on: date | None = None
    workplace: str = ""
    job_title: str = ""
    qualification: str = ""


@dataclass(frozen=True)
class Helped:
    """Somebody who took part in the first application, and with what."""

    name: str
    work: str
    particulars: Particulars = Particulars()


def describe_authors(initiative: Initiative, described: dict[int, Particulars], *, by: Actor) -> None:
    """Write the particulars of authors, by authorship."""
    refuse_unless(rules.may_write(by, initiative))
    with transaction.atomic():
        for authorship in Authorship.objects.select_for_update().filter(initiative=initiative, pk__in=described):
            said = described[authorship.pk]
            _refuse_unborn(said, authorship.name)
            _set(authorship, said)
            authorship.save(update_fields=["born_on", "workplace", "job_title", "qualification"])


def replace(initiative: Initiative, rows: Sequence[Helped], *, by: Actor) -> None:
    """Write down those who took part, all at once."""
    refuse_unless(rules.may_write(by, initiative))
    if len(rows) > MOST:
        raise Refused(_("Ghi tối đa %(n)d người tham gia.") % {"n": MOST})
    for row in rows:
        if len(text.tidy(row.name)) < 2 or not text.tidy(row.work):
            raise Refused(_("Mỗi người tham gia cần họ tên và nội dung công việc hỗ trợ."))
        _refuse_unborn(row.particulars, row.name)
    wanted = [(text.tidy(r.name)[:120], text.tidy(r.work)[:300], r.particulars) for r in rows]
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)
        before = [(p.name, p.work) for p in initiative.participants.all()]
        initiative.participants.all().delete()
        for position, (name, work, said) in enumerate(wanted):
            participant = Participant(initiative=initiative, position=position, name=name, work=work)
            _set(participant, said)
            participant.save()
        if before != [(name, work) for name, work, _said in wanted]:
            names = [name for name, _work, _said in wanted]
            acts.record("initiatives.participants.changed", initiative, by=by, after={"names": names})


def _set(row: Authorship | Participant, said: Particulars) -> None:
    row.born_on = said.born_on
    row.workplace = text.tidy(said.workplace)[:200]
    row.job_title = text.tidy(said.job_title)[:120]
    row.qualification = text.tidy(said.qualification)[:120]


def _refuse_unborn(said: Particulars, name: str) -> None:
    if said.born_on and said.born_on >= clock.today():
        raise Refused(_("Ngày sinh của %(name)s nằm trong tương lai.") % {"name": name})
