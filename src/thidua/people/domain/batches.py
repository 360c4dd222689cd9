"""The verbs of the roster for a thousand people at a time: same records, same acts, few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import codes, text
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people import queries, references
from thidua.people.models import Account, Membership, Person

_AMENDED = (
    "full_name", "sort_key", "search", "name_key", "job_title", "qualification", "birth_year",
    "is_woman", "is_direct_worker", "is_member", "phone", "email",
)  # fmt: skip


@dataclass(frozen=True)
class Newcomer:
    """Who is to be put on a roster: the person, not yet saved, and the day they came."""

    person: Person
    since: date


def newcomer(values: dict[str, Any], unit: Unit, since: date) -> Newcomer:
    """From values as a form or a table gives them; whoever has no member code is given one."""
    person = Person(unit=unit, code=values.get("code") or "")
    for name, value in {**_DEFAULTS, **values}.items():
        if name in _DEFAULTS and value is not None:
            set_field(person, name, value)
    derive(person)
    return Newcomer(person, since)


@transaction.atomic
def enter_many(new: Sequence[Newcomer], *, by: acts.Actor) -> None:
    """Put people on rosters. They were found to be free: nobody has their code, phone or e-mail."""
    people = [one.person for one in new]
    nameless = [person for person in people if not person.code]
    for person, code in zip(nameless, fresh_codes(len(nameless)), strict=True):
        person.code = code
        derive(person)
    Person.objects.bulk_create(people, batch_size=1000)
    Membership.objects.bulk_create(
        [Membership(person=one.person, unit=one.person.unit, valid=DateRange(one.since, None)) for one in new]
    )
    told = [acts.Told(person, person.unit_id, after={"unit": person.unit.code}) for person in people]
    acts.record_many("people.person.entered", told, by=by)


_DEFAULTS: dict[str, Any] = {
    "full_name": None,
    "birth_year": None,
    "gender": None,
    "job_title": "",
    "qualification": "",
    "is_direct_worker": False,
    "is_member": True,
    "phone": None,
    "email": None,
}


def set_field(person: Person, name: str, value: Any) -> None:
    if name == "gender":
        person.is_woman = None if value is None else value == "woman"
    else:
        setattr(person, name, value)


def derive(person: Person) -> None:
    """What is stored for order and search follows from the rest."""
    person.sort_key = text.name_sort_key(person.full_name)
    person.name_key = queries.name_key(person.full_name)
    person.search = queries.search_text(person.full_name, person.code, person.phone)


@transaction.atomic
def amend_many(changed: Sequence[tuple[Person, dict[str, Any]]], *, by: acts.Actor) -> None:
    """Write new values of some fields; only people for whom something differs leave an act."""
    told, people = [], []
    for person, values in changed:
        before = {name: _field(person, name) for name in values}
        after = {name: value for name, value in values.items() if value != before[name]}
        if not after:
            continue
        for name, value in after.items():
            set_field(person, name, value)
        derive(person)
        people.append(person)
        # The ledger says which contact was changed, not what it is: less personal data kept for ever.
        told.append(acts.Told(person, before=_public({n: before[n] for n in after}), after=_public(after)))
    _write(people)
    acts.record_many("people.person.amended", told, by=by)


def _field(person: Person, name: str) -> Any:
    if name == "gender":
        return None if person.is_woman is None else "woman" if person.is_woman else "man"
    return getattr(person, name)


def _public(values: dict[str, Any]) -> dict[str, Any]:
    return {name: "…" if name in ("phone", "email") and value else value for name, value in values.items()}


def _write(people: Sequence[Person]) -> None:
    """One statement. Unique values that wander between people of the batch are freed first."""
    if not people:
        return
    pks = [person.pk for person in people]
    rows = [{"id": person.pk, **{name: getattr(person, name) for name in _AMENDED}} for person in people]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = NULL, email = NULL WHERE id = ANY(%s)", [pks])
        cursor.execute(
            """
            UPDATE people_person p
               SET full_name = x.full_name, sort_key = x.sort_key, search = x.search, name_key = x.name_key, job_title = x.job_title,
                   qualification = x.qualification, birth_year = x.birth_year, is_woman = x.is_woman,
                   is_direct_worker = x.is_direct_worker, is_member = x.is_member, phone = x.phone, email = x.email
              FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, full_name text, sort_key text, search text, name_key text,
                   job_title text, qualification text, birth_year smallint, is_woman boolean,
                   is_direct_worker boolean, is_member boolean, phone text, email text)
             WHERE p.id = x.id
            """,
            [json.dumps(rows, ensure_ascii=False)],
        )


@transaction.atomic
def remove_many(pks: Sequence[int], *, by: acts.Actor) -> None:
    """Take people off who were entered by mistake, as long as nothing speaks of them."""
    if not pks:
        return
    depending = references.depending_on(pks, but_not=(Membership, Account))
    accounts = Account.objects.filter(person__in=pks).values_list("person", flat=True)
    depending = {**depending, **dict.fromkeys(accounts, _("tài khoản"))}
    if depending:
        names = Person.objects.filter(pk__in=list(depending)[:5]).values_list("full_name", "code", "pk")
        some = ", ".join(f"{name} ({code}: {depending[pk]})" for name, code, pk in names)
        raise Refused(
            counted(
                "%(n)d người đã có dữ liệu khác gắn với họ, ví dụ %(some)s. Hãy cho thôi hoặc chuyển từng người.",
                len(depending),
                some=some,
            )
        )
    people = list(Person.objects.filter(pk__in=pks))
    acts.record_many("people.person.removed", [acts.Told(person, person.unit_id) for person in people], by=by)
    Membership.objects.filter(person__in=pks).delete()
    # Nothing points to them, as was just found: what Django would look for once more is left out.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_person WHERE id = ANY(%s)", [list(pks)])


def fresh_codes(n: int) -> list[str]:
    """Member codes that nobody has."""
    found: set[str] = set()
    while len(found) < n:
        wanted = {codes.new_code("DV") for _ in range(n - len(found))}
        found |= wanted - set(Person.objects.filter(code__in=wanted).values_list("code", flat=True))
    return list(found)
