"""Write, share out, attach, submit, withdraw: what happens to a dossier before the decision."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.access.grants import Actor
from thidua.initiatives import messages, queries, rules
from thidua.initiatives.choices import Channel, Sealable, State
from thidua.initiatives.domain import versions
from thidua.initiatives.models import Authorship, FirstUse, Initiative
from thidua.initiatives.workflow import WORKFLOW, limits, next_filing_step
from thidua.kernel import clock, codes, formats, text
from thidua.kernel.verdicts import Refused, Stale
from thidua.ledger import acts
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.models import Person
from thidua.programmes.models import Programme
from thidua.workflow.engine import refuse_unless, take

# What an author may write; everything else has a verb of its own.
FIELDS = frozenset(
    {
        "title", "kind", "field", "problem_before", "solution", "steps", "novelty", "conditions", "applied_where",
        "first_applied_on", "sponsor", "effect", "benefit", "benefit_stated", "confidential", "is_ip_protected",
        "benefit_before", "benefit_after", "benefit_volume", "benefit_months", "benefit_cost", "sealed",
        "disclosure", "claims_recognition", "claimed_decision", "claimed_decided_on",
    }
)  # fmt: skip
ALIKE_WITHIN = timedelta(days=1)  # the same words of the same person within this time are one filing


def start(
    author: Person,
    unit: Unit,
    *,
    by: Person,
    programme: Programme | None = None,
    channel: str = Channel.OWN,
    consent_noted: bool = False,
    submission_key: str | None = None,
    handler: Unit | None = None,
    **fields: Any,
) -> Initiative:
    """A draft with its author at 100 %. The same `submission_key` gives the same draft again.

    `handler` is given by whoever has looked it up for many dossiers at once.
    """
    if submission_key and (known := Initiative.objects.filter(submission_key=submission_key).first()):
        if rules.is_author(author, known):
            return known
        raise Refused(_("Mẫu này đã được gửi cho một tác giả khác: hãy mở trang mới để nhập tiếp."))
    if channel == Channel.ON_BEHALF and not consent_noted:
        raise Refused(_("Hãy xác nhận người lao động đồng ý cho nhập hộ."), field="consent_noted")
    handler = handler or handler_of(unit)
    is_own = by.pk == author.pk
    refuse_unless(rules.may_file(by, author, handler, handler_of(author.unit) if is_own else None))
    standing = {"consent_noted": consent_noted, "entered_by": None if is_own else by}
    try:
        with transaction.atomic():
            initiative = unsaved(unit, handler, channel, programme, submission_key, fields, **standing)
            initiative.save(force_insert=True)
            Authorship.objects.create(
                initiative=initiative,
                person=author,
                name=author.full_name,
                share=Decimal(100),
                confirmed_at=clock.now() if is_own else None,
                noted_by=by if consent_noted and not is_own else None,
                **particulars(author, None),
            )
            acts.record("initiatives.initiative.started", initiative, by=by)
    except IntegrityError:
        # The same form was sent twice at the same moment: the other one has made it.
        return Initiative.objects.get(submission_key=submission_key)
    return initiative


def start_open(
    name: str, phone: str, unit: Unit, programme: Programme | None, *, submission_key: str, **fields: Any
) -> tuple[Initiative, str]:
    """Filing through a QR code without an account: held for the officer's confirmation.

    Gives the claim code once; only its digest is kept ('' for a form sent twice).
    """
    known = Initiative.objects.filter(submission_key=submission_key).first()
    if known:
        return known, ""
    handler = handler_of(unit)
    if not handler.accepts_open_filing:
        raise Refused(_("Đơn vị này chỉ nhận sáng kiến từ người đã đăng nhập."))
    tidy_name, tidy_phone = text.tidy(name), people_queries.tidy_phone(phone)
    if len(tidy_name) < 2:
        raise Refused(_("Hãy nhập họ và tên."), field="name")
    if not tidy_phone:
        raise Refused(_("Số điện thoại cần 10 chữ số, bắt đầu bằng 0."), field="phone")
    tidied = _tidied(fields)
    since = clock.now() - ALIKE_WITHIN
    if alike := queries.open_filed_alike(tidy_phone, tidied.get("title", ""), tidied.get("solution", ""), since):
        return alike, ""
    claim = codes.new_code("NH", 8)
    visitor = acts.System(tidy_name)
    with transaction.atomic():
        initiative = unsaved(unit, handler, Channel.OPEN, programme, submission_key, fields)
        initiative.claim_digest = digest_of_claim(claim)
        initiative.save(force_insert=True)
        Authorship.objects.create(initiative=initiative, name=tidy_name, phone=tidy_phone, share=Decimal(100))
        submit(initiative, by=visitor)
    return initiative, claim


def says_the_same(initiative: Initiative, fields: dict[str, Any]) -> bool:
    """Whether the dossier holds these very words."""
    return all(getattr(initiative, name) == value for name, value in _tidied(fields).items())


def digest_of_claim(claim: str) -> str:
    return hashlib.sha256(codes.tidy(claim).encode()).hexdigest()


def write(
    initiative: Initiative, *, by: Actor, revision: int, unheard: Sequence[dict[str, Any]] = (), **fields: Any
) -> Initiative:
    """Change what a dossier says. Raises Stale when it was changed since `revision` was read.

    What says the same already is no conflict: the form has saved itself a moment before it was sent.
    Nor is what the same page wrote before, when the answer was lost on the way: `unheard`.
    """
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"not written by authors: {sorted(unknown)}")
    refuse_unless(rules.may_write(by, initiative))
    changed = {k: v for k, v in _tidied(fields).items() if getattr(initiative, k) != v}
    if not changed:
        return initiative
    with transaction.atomic():
        written = Initiative.objects.filter(pk=initiative.pk, revision=revision, state=initiative.state).update(
            **changed, revision=revision + 1, changed_at=clock.now()
        )
        if not written:
            initiative.refresh_from_db()
            if says_the_same(initiative, fields):
                return initiative
            if any(sent.keys() >= fields.keys() and says_the_same(initiative, sent) for sent in unheard):
                return write(initiative, by=by, revision=initiative.revision, **fields)
            raise Stale(
                _("Hồ sơ đã được sửa ở nơi khác sau khi bạn mở trang. Hãy tải lại để xem bản mới; chữ bạn gõ vẫn còn.")
            )
        initiative.refresh_from_db()
        if initiative.state != State.DRAFT:
            acts.record("initiatives.initiative.changed", initiative, by=by, after={"fields": sorted(changed)})
            if not (isinstance(by, Person) and rules.is_author(by, initiative)):
                versions.keep(initiative, by=by)  # so that the author sees what the office has changed
    return initiative


def share_out(initiative: Initiative, authors: list[tuple[Person | str, Decimal]], *, by: Actor) -> None:
    """Replace the authors and their shares, the lead author first. Σ must be 100 %."""
    refuse_unless(rules.may_write(by, initiative))
    if fault := rules.authors_fault(authors):
        raise Refused(fault, field="authors")
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)
        before = list(initiative.authorships.all())
        known = {a.person_id or a.name: a for a in before}
        asked = set()
        initiative.authorships.all().delete()
        for position, (author, share) in enumerate(authors):
            person = author if isinstance(author, Person) else None
            name = person.full_name if person else text.tidy(str(author))
            old = known.get(person.pk if person else name)
            Authorship.objects.create(
                initiative=initiative,
                person=person,
                name=name,
                phone="" if person or old is None else old.phone,
                share=share,
                position=position,
                **word_on(share, person, old, initiative, by),
                **particulars(person, old),
            )
            if person is not None and _is_to_be_asked(share, old, initiative, by):
                asked.add(person.pk)
        forget_authors(initiative)
        noted = {"authors": [f"{a.name} {a.share} %" for a in initiative.authorships.all()]}
        acts.record("initiatives.initiative.changed", initiative, by=by, after=noted)
        messages.credited(initiative, by, asked=asked)


def _is_to_be_asked(share: Decimal, old: Authorship | None, initiative: Initiative, by: Actor) -> bool:
    """Somebody new; or whose word on another share no longer holds, once a word was given or the dossier sent."""
    if old is None or speaks_for_workers(initiative, by):
        return old is None
    was_said = old.confirmed_at or old.noted_by_id or old.objection or initiative.state != State.DRAFT
    return old.share != share and bool(was_said)


def word_on(
    share: Decimal, person: Person | None, old: Authorship | None, initiative: Initiative, by: Actor
) -> dict[str, Any]:
    """What an author has said to the own share holds while the share is the same; to another one is asked anew."""
    if person is not None and person.pk == by.pk:
        return {"confirmed_at": clock.now()}
    if speaks_for_workers(initiative, by):
        return {"noted_by": by}
    if old is not None and old.share == share:
        return {name: getattr(old, name) for name in ("confirmed_at", "noted_by", "objection", "asked_at")}
    return {"asked_at": clock.now()}


def speaks_for_workers(initiative: Initiative, by: Actor) -> bool:
    """An officer who enters for others has noted that they agree; once filed, each is asked."""
    is_entering = isinstance(by, Person) and initiative.entered_by_id == by.pk
    return initiative.consent_noted and is_entering and initiative.state == State.DRAFT


def particulars(person: Person | None, old: Authorship | None) -> dict[str, Any]:
    """What the application says of an author: as written before, else as the roster has it."""
    if old is not None:
        return {name: getattr(old, name) for name in ("born_on", "workplace", "job_title", "qualification")}
    if person is None:
        return {}
    return {
        "workplace": person.unit.name[:200],
        "job_title": person.job_title,
        "qualification": person.qualification,
    }


def confirm_author(authorship: Authorship, person: Person, *, by: Actor) -> None:
    """The officer finds a named author on the roster."""
    initiative = authorship.initiative
    refuse_unless(rules.may_receive(by, initiative))
    if initiative.authorships.filter(person=person).exclude(pk=authorship.pk).exists():
        raise Refused(_("%(name)s đã là tác giả của hồ sơ này.") % {"name": person.full_name})
    with transaction.atomic():
        authorship.person, authorship.name, authorship.phone = person, person.full_name, ""
        authorship.asked_at = clock.now()
        authorship.save(update_fields=["person", "name", "phone", "asked_at"])
        forget_authors(initiative)
        acts.record("initiatives.initiative.author_found", initiative, by=by, after={"author": person.full_name})
        if authorship.position:
            messages.credited_all([(person, initiative)], by, is_noted=authorship.noted_by_id is not None)


def claim(claim_code: str, *, by: Person) -> Initiative:
    """A worker with an account takes over what was filed without one."""
    initiative = Initiative.objects.filter(claim_digest=digest_of_claim(claim_code)).first()
    named = initiative.authorships.filter(person__isnull=True).first() if initiative else None
    if initiative is None or named is None or not claim_code.strip():
        raise Refused(_("Mã nhận hồ sơ không đúng hoặc đã được dùng."), field="code")
    with transaction.atomic():
        named.person, named.name, named.phone, named.confirmed_at = by, by.full_name, "", clock.now()
        named.save(update_fields=["person", "name", "phone", "confirmed_at"])
        Initiative.objects.filter(pk=initiative.pk).update(claim_digest="")
        acts.record("initiatives.initiative.claimed", initiative, by=by)
    return initiative


def submit(initiative: Initiative, *, by: Actor, tells_office: bool = True) -> None:
    """Send to the grassroots union; a long list tells the office once, by itself.

    What was returned keeps its first filing day and resumes at the step that returned it.
    """
    step = next_filing_step(initiative)
    with transaction.atomic():
        take(WORKFLOW, step, initiative, by=by, changes=as_filed(step, initiative.filed_on))
        versions.keep(initiative, by=by)
        messages.submitted(initiative, by, again=step != "submit", tells_office=tells_office)


def as_filed(step: str, first_filed_on: date | None = None) -> dict[str, Any]:
    """What filing writes beside the state."""
    today, rule = clock.today(), limits()
    if step != "submit":  # back to the decision it was returned from
        due_on = formats.add_months(today, rule["recognition_months"])
    else:
        due_on = formats.add_working_days(today, rule["receive_working_days"])
    return {"filed_on": first_filed_on or today, "due_on": due_on, "changed_at": clock.now(), "reason": ""}


def withdraw(initiative: Initiative, *, by: Actor, reason: str = "") -> None:
    """The lead author takes it back; the other authors and whoever was to decide on it are told."""
    was_filed = initiative.state != State.DRAFT
    with transaction.atomic():
        take(WORKFLOW, "withdraw", initiative, by=by, reason=reason, changes={"due_on": None})
        if was_filed:
            messages.withdrawn(initiative, by)


def mark_duplicate(initiative: Initiative, of: Initiative | None, *, by: Actor) -> None:
    """The officer finds it a copy of another (None: it is not)."""
    refuse_unless(rules.may_receive(by, initiative))
    if of is not None and of.pk == initiative.pk:
        raise Refused(_("Một sáng kiến không thể trùng với chính nó."))
    _set(initiative, by, duplicate_of=of)


def flag(
    initiative: Initiative, *, by: Actor, is_ip_protected: bool | None = None, breaches_order: bool | None = None
) -> None:
    """The exclusions of the law an officer finds."""
    refuse_unless(rules.may_receive(by, initiative))
    given = {"is_ip_protected": is_ip_protected, "breaches_order": breaches_order}
    _set(initiative, by, **{k: v for k, v in given.items() if v is not None})


def confirm_benefit(initiative: Initiative, amount: int, *, by: Person) -> None:
    """Somebody other than an author, and other than whoever applied it first, confirms the yearly benefit in đồng."""
    refuse_unless(rules.may_receive(by, initiative))
    if rules.is_author(by, initiative):
        raise Refused(_("Giá trị làm lợi do người khác tác giả xác nhận."))
    if FirstUse.objects.filter(initiative=initiative, person=by).exists():
        raise Refused(_("Bạn là người áp dụng lần đầu: người khác xác nhận giá trị làm lợi."))
    if amount < 0:
        raise Refused(_("Giá trị làm lợi không thể âm."), field="amount")
    with transaction.atomic():
        initiative.benefit, initiative.benefit_confirmed, initiative.benefit_confirmed_by = "money", amount, by
        initiative.changed_at = clock.now()
        initiative.save(update_fields=["benefit", "benefit_confirmed", "benefit_confirmed_by", "changed_at"])
        noted = {"confirmed": amount, "amount": formats.vnd(amount)}
        acts.record("initiatives.initiative.benefit", initiative, by=by, after=noted)
        messages.benefit_confirmed(initiative, by)


def handler_of(unit: Unit) -> Unit:
    """The grassroots union that receives what is made at a unit; an office of its own if there is none."""
    return org_queries.grassroots_of(unit) or unit


def unsaved(
    unit: Unit,
    handler: Unit,
    channel: str,
    programme: Programme | None,
    submission_key: str | None,
    fields: dict[str, Any],
    **standing: Any,
) -> Initiative:
    """A draft as a form or a list gives it."""
    moment = clock.now()
    return Initiative(
        code=codes.new_code("SK"),
        unit=unit,
        handler=handler,
        came_through=programme,
        channel=channel,
        submission_key=submission_key,
        created_at=moment,
        changed_at=moment,
        **standing,
        **_tidied({k: v for k, v in fields.items() if k in FIELDS}),
    )


def _tidied(fields: dict[str, Any]) -> dict[str, Any]:
    """Texts in composed form; a title is one line; only what may be sealed is."""
    tidy = {k: text.nfc(v).strip() if isinstance(v, str) else v for k, v in fields.items()}
    if isinstance(tidy.get("title"), str):
        tidy["title"] = text.tidy(tidy["title"])[:300]
    if "sealed" in tidy:
        tidy["sealed"] = [name for name in Sealable.values if name in (tidy["sealed"] or ())]
    return tidy


def _set(initiative: Initiative, by: Actor, **fields: Any) -> None:
    with transaction.atomic():
        for name, value in fields.items():
            setattr(initiative, name, value)
        initiative.changed_at = clock.now()
        initiative.save(update_fields=[*fields, "changed_at"])
        acts.record("initiatives.initiative.changed", initiative, by=by, after={"fields": sorted(fields)})


def forget_authors(initiative: Initiative) -> None:
    """Prefetched authors are stale after a change."""
    getattr(initiative, "_prefetched_objects_cache", {}).pop("authorships", None)


def new_submission_key() -> str:
    """Put into a form once; whatever happens to the connection, it makes one dossier."""
    return secrets.token_urlsafe(24)
