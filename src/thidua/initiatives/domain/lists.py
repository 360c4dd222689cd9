"""A whole list of dossiers at once: the verbs of `dossiers`, with statements by the batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.initiatives import messages, rules
from thidua.initiatives.choices import Channel, State
from thidua.initiatives.domain import dossiers, versions
from thidua.initiatives.models import Authorship, Initiative
from thidua.initiatives.workflow import WORKFLOW
from thidua.kernel import text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.ledger import queries as ledger
from thidua.notify import outbox
from thidua.notify.models import Notice
from thidua.orgs.models import Unit
from thidua.people import references
from thidua.people.domain import batches
from thidua.people.models import Account, Membership, Person
from thidua.programmes.models import Programme
from thidua.workflow.engine import refuse_unless, take_many

NAMED = 5  # dossiers a refusal names; the rest it counts


@dataclass(frozen=True)
class Entry:
    """What an officer enters for a worker who agreed; co-authors by person or by name."""

    author: Person
    handler: Unit
    programme: Programme | None
    co_authors: Sequence[tuple[Person | str, Decimal]] = ()
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def shares(self) -> list[tuple[Person | str, Decimal]]:
        own = Decimal(100) - sum((share for _who, share in self.co_authors), Decimal(0))
        return [(self.author, own), *self.co_authors]


def start(entries: Sequence[Entry], *, by: Person) -> list[Initiative | Refused]:
    """Drafts with their authors, in the order given; in the place of one that cannot be entered, why not."""
    found = [_draft_or_refusal(entry, by) for entry in entries]
    made = [(draft, entry) for draft, entry in zip(found, entries, strict=True) if isinstance(draft, Initiative)]
    with transaction.atomic():
        Initiative.objects.bulk_create([draft for draft, _entry in made])
        Authorship.objects.bulk_create(author for draft, entry in made for author in _authors(draft, entry, by))
        acts.record_many("initiatives.initiative.started", [acts.Told(draft) for draft, _entry in made], by=by)
        shared = [(draft, entry) for draft, entry in made if entry.co_authors]
        told = [acts.Told(draft, after={"authors": _written(entry)}) for draft, entry in shared]
        acts.record_many("initiatives.initiative.changed", told, by=by)
        named = [(who, draft) for draft, entry in shared for who, _share in entry.co_authors if isinstance(who, Person)]
        for is_noted in (True, False):
            credited = [(who, draft) for who, draft in named if dossiers.speaks_for_workers(draft, by) == is_noted]
            messages.credited_all(credited, by, is_noted=is_noted)
    return found


def _draft_or_refusal(entry: Entry, by: Person) -> Initiative | Refused:
    home = dossiers.handler_of(entry.author.unit) if entry.author.pk == by.pk else None
    try:
        refuse_unless(rules.may_file(by, entry.author, entry.handler, home))
        if fault := rules.authors_fault(entry.shares):
            raise Refused(fault, field="authors")
    except Refused as refused:
        return refused
    return _unsaved(entry, by)


def _unsaved(entry: Entry, by: Person) -> Initiative:
    entered_by = None if by.pk == entry.author.pk else by
    standing = {"consent_noted": True, "entered_by": entered_by}
    unit, handler = entry.author.unit, entry.handler
    return dossiers.unsaved(unit, handler, Channel.ON_BEHALF, entry.programme, None, entry.fields, **standing)


def _authors(draft: Initiative, entry: Entry, by: Person) -> list[Authorship]:
    rows = []
    for position, (who, share) in enumerate(entry.shares):
        person = who if isinstance(who, Person) else None
        name = person.full_name if person else text.tidy(str(who))
        row = Authorship(initiative=draft, person=person, name=name, share=share, position=position)
        said = dossiers.word_on(share, person, None, draft, by)
        for key, value in {**said, **dossiers.particulars(person, None)}.items():
            setattr(row, key, value)
        rows.append(row)
    return rows


def _written(entry: Entry) -> list[str]:
    named = [(str(who) if isinstance(who, str) else who.full_name, share) for who, share in entry.shares]
    return [f"{name} {share:.2f} %" for name, share in named]


def submit(drafts: Sequence[Initiative], *, by: Person) -> dict[int, str]:
    """File what can be filed; what cannot is withdrawn, with the sentence that says why, by its number.

    The authors are told here; the caller tells the office once of the whole list.
    """
    read = ("authorships__person", "participants", "revisions", "attachments__file")
    prefetch_related_objects(drafts, *read)
    verdicts = {draft.pk: WORKFLOW.verdict(WORKFLOW.step("submit"), draft, by) for draft in drafts}
    refused = {pk: verdict.sentence for pk, verdict in verdicts.items() if not verdict}
    ready = [draft for draft in drafts if draft.pk not in refused]
    with transaction.atomic():
        take_many(WORKFLOW, "submit", ready, by=by, changes=dossiers.as_filed("submit"))
        versions.keep_all(ready, by=by)
        messages.each_filed(ready, by)
        for draft in drafts:
            if draft.pk in refused:  # nothing half done stays behind
                dossiers.withdraw(draft, by=by, reason=refused[draft.pk])
    return refused


def take_back(pks: Collection[int], *, by: Actor) -> list[Initiative]:
    """Withdraw what a list has filed, while nobody has dealt with any of it: all or none.

    The authors are told here; the caller tells the office once of the whole list.
    """
    with transaction.atomic():
        held = Initiative.objects.select_for_update(of=("self",)).select_related("unit", "handler")
        items = list(held.filter(pk__in=pks).order_by("pk"))
        if dealt_with := [item for item in items if item.state != State.SUBMITTED]:
            raise Refused(_dealt_with(dealt_with))
        prefetch_related_objects(items, "authorships__person")
        take_many(WORKFLOW, "withdraw", items, by=by, changes={"due_on": None})
        messages.each_taken_back(items, by)
    return items


def _dealt_with(items: list[Initiative]) -> str:
    codes = ", ".join(item.code for item in items[:NAMED])
    if len(items) <= NAMED:
        return _("Hồ sơ %(code)s đã được xử lý nên không hoàn tác cả tệp được.") % {"code": codes}
    return _("Hồ sơ %(codes)s và %(n)d hồ sơ nữa đã được xử lý nên không hoàn tác cả tệp được.") % {
        "codes": codes,
        "n": len(items) - NAMED,
    }


def take_off_roster(newcomers: Collection[int], of_list: Collection[int], *, by: Actor) -> dict[int, tuple[str, str]]:
    """Whom only these dossiers, withdrawn now, had put on a roster goes again; gives who stays and why.

    In the dossiers they are names from then on.
    """
    if not newcomers:
        return {}
    with transaction.atomic():
        stay = _spoken_of(newcomers, of_list)
        gone = set(newcomers) - stay.keys()
        Authorship.objects.filter(person__in=gone, initiative__in=of_list).update(person=None)
        codes = list(Initiative.objects.filter(pk__in=of_list).values_list("code", flat=True))
        outbox.take_back(gone, Initiative, codes)
        batches.remove_many(list(gone), by=by)
        named = dict(Person.objects.filter(pk__in=stay).values_list("pk", "full_name"))
    return {pk: (named[pk], why) for pk, why in stay.items() if pk in named}


def _spoken_of(newcomers: Collection[int], of_list: Collection[int]) -> dict[int, str]:
    """Person -> what beside the dossiers of the list speaks of them."""
    found = references.depending_on(list(newcomers), but_not=(Membership, Authorship, Notice))
    found = {pk: _("đã có dữ liệu khác (%(what)s)") % {"what": what} for pk, what in found.items()}
    codes = list(Initiative.objects.filter(pk__in=of_list).values_list("code", flat=True))
    for pk in outbox.others_than(newcomers, Initiative, codes):
        found[pk] = _("đã có thông báo khác")
    for pk in ledger.spoken_of("people.person", newcomers, but_not=["people.person.entered"]):
        found[pk] = _("đã được sửa hoặc chuyển đơn vị sau đó")
    for pk in Account.objects.filter(person__in=newcomers).values_list("person", flat=True):
        found[pk] = _("đã có tài khoản")
    elsewhere = Authorship.objects.filter(person__in=newcomers).exclude(initiative__in=of_list)
    for pk, code in elsewhere.order_by("-pk").values_list("person", "initiative__code"):
        found[pk] = _("là tác giả của hồ sơ %(code)s") % {"code": code}
    return found
