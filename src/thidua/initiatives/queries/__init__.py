"""The door for reading initiatives."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import rules
from thidua.initiatives.choices import Channel, Disclosure, Sealable, State
from thidua.initiatives.models import Adoption, Attachment, Authorship, FirstUse, Initiative, Recognition, ScopeProposal
from thidua.kernel import text
from thidua.kernel.prepared import composed_once, lay
from thidua.ledger.models import Act
from thidua.orgs import queries as org_queries
from thidua.orgs.models import Unit
from thidua.people.models import Person

# Ranking looks at this many candidates, the newest first.
CANDIDATES = 400
# From this share of the shorter title's words in common an officer is shown the other one.
SIMILAR = 0.6
SCOPE_ANSWERED = "initiatives.scopeproposal.recognised"


def dossiers() -> QuerySet[Initiative]:
    return Initiative.objects.select_related("unit", "handler__parent", "decider")


def own(person: Person) -> QuerySet[Initiative]:
    """Where the person is an author, whatever the state."""
    return dossiers().filter(authorships__person=person)


def visible_to(person: Person) -> QuerySet[Initiative]:
    """For the office: what was filed within the person's rights. What was never filed is its author's."""
    return grants.visible(person, Permission.INITIATIVE_VIEW, dossiers()).filter(_shown_to(person))


def _shown_to(person: Person | int) -> Q:
    """Of what lies within the person's rights."""
    return Q(filed_on__isnull=False) | Q(entered_by=person)


def dossier_for(person: Person, code: str) -> Initiative | None:
    """The dossier, if this person may see it in the office: `visible_to` for the one row there is."""
    found = _dossier(code)
    if found is None or (found.filed_on is None and found.entered_by_id != person.pk):
        return None
    return found if grants.may(person, Permission.INITIATIVE_VIEW, found.unit) else None


def own_dossier(person: Person, code: str) -> Initiative | None:
    """The author's own, with its authors."""
    found = _dossier(code)
    return found if found and rules.is_author(person, found) else None


def _dossier(code: str) -> Initiative | None:
    """What `dossiers()` and its authors give, piece by piece.

    Joined to four units, planning the query takes ten times as long as reading its rows.
    """
    rows = _by_code(code)
    if not rows:
        return None
    (found,) = rows
    lay(found, "authorships", _authors_of(found.pk))
    lay_units([found])
    return found


@composed_once
def _by_code(code: str) -> QuerySet[Initiative]:
    return Initiative.objects.select_related("first_use").filter(code=code)


@composed_once
def _authors_of(initiative: int) -> QuerySet[Authorship]:
    return Authorship.objects.filter(initiative=initiative).select_related("person")


def lay_units(found: Iterable[Initiative]) -> None:
    """The units `dossiers()` joins, for rows that were read without them: one query by their keys.

    Many rows of a list name the same few, and joined they are composed, sent and made anew for each.
    """
    rows = list(found)
    units = org_queries.with_parents({pk for i in rows for pk in (i.unit_id, i.handler_id, i.decider_id) if pk})
    for row in rows:
        row.unit, row.handler = units[row.unit_id], units[row.handler_id]
        row.decider = units[row.decider_id] if row.decider_id else None
        above = row.handler.parent_id
        row.handler.parent = units[above] if above else None


def drafts_entered_by(person: Person, home: Unit) -> QuerySet[Initiative]:
    """What this officer has begun to enter for others at a unit or below it, and not yet sent."""
    here = visible_to(person).filter(unit__lft__gte=home.lft, unit__lft__lte=home.rgt)
    return here.filter(state=State.DRAFT, entered_by=person)


def history_of(initiative: Initiative) -> list[Act]:
    """Who did what when, on one timeline: the dossier, its proposals of a wider scope, its adoptions."""
    return _acts_on(initiative.pk)


@composed_once
def _acts_on(initiative: int) -> QuerySet[Act]:
    own = Q(subject_type="initiatives.initiative", subject_id=initiative)
    asked = ScopeProposal.objects.filter(initiative=initiative).values("pk")
    taken = Adoption.objects.filter(initiative=initiative).values("pk")
    proposals = Q(subject_type="initiatives.scopeproposal", subject_id__in=asked)
    adoptions = Q(subject_type="initiatives.adoption", subject_id__in=taken)
    # A scope recognised is told once, by what it did to the initiative.
    return Act.objects.filter(own | proposals | adoptions).exclude(kind=SCOPE_ANSWERED).order_by("id")


def proposals_for(person: Person) -> QuerySet[ScopeProposal]:
    """Proposals of a wider scope: put to the person's units, or made by them."""
    rows = ScopeProposal.objects.select_related("initiative__unit", "initiative__handler", "unit", "proposed_by")
    seen = grants.visible(person, Permission.INITIATIVE_VIEW, rows, "initiative__unit")
    return rows.filter(pk__in=seen.order_by().values("pk"))


def recognitions_together(recognition: Recognition) -> QuerySet[Recognition]:
    """What the same decision recognised and is still in force."""
    same = {name: getattr(recognition, name) for name in ("unit_id", "decision_number", "decided_on")}
    rows = Recognition.objects.filter(**same, revoked_on__isnull=True).select_related("unit", "initiative")
    return rows.order_by("pk")


def recognitions_of(initiative: Initiative) -> list[Recognition]:
    """Every decision on it, in force or revoked: the grassroots one first."""
    return _decisions_on(initiative.pk)


@composed_once
def _decisions_on(initiative: int) -> QuerySet[Recognition]:
    rows = Recognition.objects.filter(initiative=initiative).select_related("unit", "file", "paper__pdf", "recorded_by")
    return rows.order_by("pk")


def initiative_of_file(file_id: object) -> Initiative | None:
    """Whose attachment or decision a stored file is."""
    wanted = Q(attachments__file=file_id) | Q(recognitions__file=file_id)
    return dossiers().filter(wanted).prefetch_related("authorships").distinct().first()


def is_public(initiative: Initiative) -> bool:
    return initiative.state == State.RECOGNISED and initiative.disclosure == Disclosure.PUBLIC


def attachments_of(initiative: Initiative) -> QuerySet[Attachment]:
    return Attachment.objects.filter(initiative=initiative).select_related("file", "initiative__handler")


def recognition_of(initiative: Initiative) -> Recognition | None:
    """The decision in force, or the one that was revoked last."""
    rows = Recognition.objects.filter(initiative=initiative).select_related("unit", "file", "recorded_by")
    return rows.order_by(F("revoked_on").desc(nulls_first=True), "pk").first()


def shares_to_confirm(person: Person) -> QuerySet[Authorship]:
    """Where somebody has named this person co-author and the share is not yet agreed."""
    open_states = [State.DRAFT, State.SUBMITTED, State.RECEIVED, State.PASSED_UP, State.RETURNED]
    return (
        Authorship.objects.filter(
            person=person, confirmed_at__isnull=True, noted_by=None, initiative__state__in=open_states
        )
        .exclude(position=0)
        .select_related("initiative")
        .order_by("-pk")
    )


def opinions_asked_of(person: Person) -> QuerySet[FirstUse]:
    """Where an author named this person the first user and the opinion is still to come."""
    asked = FirstUse.objects.filter(person=person, stated_at__isnull=True).select_related("initiative")
    return asked.exclude(initiative__state=State.WITHDRAWN).order_by("-pk")


def examples_for(unit: Unit) -> QuerySet[Initiative]:
    """Public initiatives of the unit's own trade, newest first; of any when it names none."""
    found = public().order_by("-filed_on", "-pk")
    return found.filter(unit__sector=unit.sector) if unit.sector else found


def open_filed_since(phone: str, since: datetime) -> int:
    """How many were filed without an account from a phone number."""
    found = Authorship.objects.filter(phone=phone, initiative__channel=Channel.OPEN, initiative__created_at__gte=since)
    return found.count() if phone else 0


def by_submission_key(key: str) -> Initiative | None:
    """What a form has already become."""
    return dossiers().filter(submission_key=key).first() if key else None


def open_filed_alike(phone: str, title: str, solution: str, since: datetime) -> Initiative | None:
    """The same words from the same phone: sent again in another tab or from the restored draft."""
    alike = dossiers().filter(
        channel=Channel.OPEN, title=title, solution=solution, created_at__gte=since, authorships__phone=phone
    )
    return alike.order_by("pk").first() if phone else None


def titled(queryset: QuerySet[Initiative], words: str) -> QuerySet[Initiative]:
    """For short lists of one person, drafts too: code or every word of the title, with or without dấu."""
    wanted, code = set(text.words(words)), words.strip().upper()
    rows = queryset.values_list("pk", "code", "title")
    return queryset.filter(pk__in=[pk for pk, c, title in rows if c == code or wanted <= set(text.words(title))])


def public() -> QuerySet[Initiative]:
    """What anybody may read: recognised, and its authors agreed."""
    return dossiers().filter(state=State.RECOGNISED, disclosure=Disclosure.PUBLIC)


def public_by_code(code: str) -> Initiative | None:
    found = public().filter(code=code).prefetch_related("authorships").first()
    return shown_outside(found) if found else None


def shown_outside(initiative: Initiative) -> Initiative:
    """The dossier without what its authors keep for those who examine it. Not to be saved."""
    shown = copy.copy(initiative)
    for name in initiative.kept_parts:
        if name in Sealable.values and name != Sealable.FILES:
            setattr(shown, name, "")
    shown.confidential = ""
    shown.is_cut = True
    return shown


def shown_to(person: Person, initiative: Initiative) -> Initiative:
    """The dossier as this person may read it. Not to be saved when `is_cut`."""
    return initiative if rules.may_examine(person, initiative) else shown_outside(initiative)


def attachments_shown_to(person: Person, initiative: Initiative) -> list[Attachment]:
    is_kept = Sealable.FILES in initiative.kept_parts and not rules.may_examine(person, initiative)
    found = [] if is_kept else _attached_to(initiative.pk)
    for attachment in found:
        attachment.initiative = initiative
    return found


@composed_once
def _attached_to(initiative: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(initiative=initiative).select_related("file")


def adoptions_of(initiative: Initiative) -> list[Adoption]:
    return _adoptions_of(initiative.pk)


@composed_once
def _adoptions_of(initiative: int) -> QuerySet[Adoption]:
    return Adoption.objects.filter(initiative=initiative).select_related("unit")


def adoptions_by(unit: Unit) -> QuerySet[Adoption]:
    return Adoption.objects.filter(unit=unit).select_related("initiative__unit", "unit")
