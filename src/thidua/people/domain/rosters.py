"""Enter people, give them accounts and posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from thidua.kernel import clock, codes, text
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.orgs.models import Unit
from thidua.people import queries
from thidua.people.domain import batches
from thidua.people.models import Account, Membership, Person, Post


def enter(
    full_name: str,
    unit: Unit,
    *,
    by: acts.Actor,
    code: str = "",
    job_title: str = "",
    qualification: str = "",
    phone: str = "",
    email: str = "",
    birth_year: int | None = None,
    is_woman: bool | None = None,
    is_direct_worker: bool = False,
    is_member: bool = True,
    is_demonstration: bool = False,
    since: date | None = None,
) -> Person:
    """Put a person on a unit's roster; an account is another matter.

    Raises Refused naming the field when the name is empty or phone, e-mail or code is taken.
    """
    name = text.tidy(full_name)
    if len(name) < 2:
        raise Refused(_("Hãy nhập họ và tên."), field="full_name")
    tidy_phone = queries.tidy_phone(phone) if phone else ""
    if phone and not tidy_phone:
        raise Refused(_("Số điện thoại «%(phone)s» không đúng: cần 10 chữ số.") % {"phone": phone}, field="phone")
    code = code or codes.new_code("DV")
    _refuse_taken(code, tidy_phone, email)
    with transaction.atomic():
        person = Person.objects.create(
            code=code,
            full_name=name,
            sort_key=text.name_sort_key(name),
            search=queries.search_text(name, code, tidy_phone),
            name_key=queries.name_key(name),
            unit=unit,
            job_title=text.tidy(job_title),
            qualification=text.tidy(qualification),
            birth_year=birth_year,
            is_woman=is_woman,
            is_direct_worker=is_direct_worker,
            is_member=is_member,
            phone=tidy_phone or None,
            email=email or None,
            is_demonstration=is_demonstration,
        )
        Membership.objects.create(person=person, unit=unit, valid=DateRange(since or clock.today(), None))
        acts.record("people.person.entered", person, by=by, after={"unit": unit.code})
    return person


def amend(person: Person, values: dict[str, Any], *, by: acts.Actor) -> None:
    """Correct what is known of a person. Raises Refused naming the field."""
    name = text.tidy(values.get("full_name", person.full_name))
    if len(name) < 2:
        raise Refused(_("Hãy nhập họ và tên."), field="full_name")
    phone = values.get("phone") or ""
    tidy_phone = queries.tidy_phone(phone)
    if phone and not tidy_phone:
        raise Refused(_("Số điện thoại «%(phone)s» không đúng: cần 10 chữ số.") % {"phone": phone}, field="phone")
    email = (values.get("email") or "").lower()
    others = Person.objects.exclude(pk=person.pk)
    if tidy_phone and others.filter(phone=tidy_phone).exists():
        raise Refused(_("Số điện thoại này đã có trong danh sách."), field="phone")
    if email and others.filter(email__iexact=email).exists():
        raise Refused(_("Email này đã có trong danh sách."), field="email")
    wanted = {**values, "full_name": name, "phone": tidy_phone or None, "email": email or None}
    wanted["gender"] = values.get("gender") or None
    for field in ("job_title", "qualification"):
        wanted[field] = text.tidy(values.get(field, ""))
    batches.amend_many([(person, wanted)], by=by)


def open_account(person: Person, password: str, *, by: acts.Actor) -> Account:
    """Let a person sign in with phone, member code or e-mail and this password."""
    if Account.objects.filter(person=person).exists():
        raise Refused(_("%(name)s đã có tài khoản.") % {"name": person.full_name})
    with transaction.atomic():
        account = Account(login=person.code, person=person)
        account.set_password(password)
        account.save()
        acts.record("people.account.opened", person, by=by)
    return account


def appoint(
    person: Person,
    unit: Unit,
    role: str,
    *,
    by: acts.Actor,
    since: date,
    until: date | None = None,
    title: str = "",
) -> Post:
    """Give a person a role at a unit for a period (until, exclusive; None: open)."""
    with transaction.atomic():
        post = Post.objects.create(person=person, unit=unit, role=role, title=title, valid=DateRange(since, until))
        acts.record("people.post.appointed", person, by=by, unit_id=unit.pk, after={"role": role, "unit": unit.code})
    return post


def _refuse_taken(code: str, phone: str, email: str) -> None:
    if Person.objects.filter(code__iexact=code).exists():
        raise Refused(_("Mã đoàn viên «%(code)s» đã có người khác dùng.") % {"code": code}, field="code")
    if phone and Person.objects.filter(phone=phone).exists():
        raise Refused(_("Số điện thoại này đã có trong danh sách."), field="phone")
    if email and Person.objects.filter(email__iexact=email).exists():
        raise Refused(_("Email này đã có trong danh sách."), field="email")
