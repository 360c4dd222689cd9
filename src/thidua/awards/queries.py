"""The door for reading commendation."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.awards.choices import NominationState
from thidua.awards.models import AwardDecision, Certificate, Nomination, Nominee
from thidua.initiatives.models import Initiative
from thidua.kernel import codes
from thidua.orgs.models import Unit
from thidua.people.models import Person


def nominations() -> QuerySet[Nomination]:
    return Nomination.objects.select_related("unit", "decider__kind", "programme", "phase", "decision__paper")


def visible_to(person: Person) -> QuerySet[Nomination]:
    """Of the person's subtree, or addressed to a unit of it; another's draft stays with its unit."""
    own = grants.within(person, Permission.AWARD_VIEW, "unit")
    received = grants.within(person, Permission.AWARD_VIEW, "decider")
    writers = grants.within(person, Permission.AWARD_NOMINATE, "unit")
    return nominations().filter((~Q(state=NominationState.DRAFT) & (own | received)) | writers)


def with_counts(found: QuerySet[Nomination]) -> QuerySet[Nomination]:
    named = Nominee.objects.filter(nomination=OuterRef("pk")).order_by().values("nomination")
    direct = named.filter(is_direct_worker=True)
    return found.annotate(
        how_many=Coalesce(Subquery(named.annotate(n=Count("pk")).values("n")), 0),
        how_many_direct=Coalesce(Subquery(direct.annotate(n=Count("pk")).values("n")), 0),
    )


def certified(initiative: Initiative) -> str | None:
    """The sentence for those who would undo a recognition: certificates rest on it."""
    if not Certificate.objects.filter(recognition__initiative=initiative).exists():
        return None
    return _("Đã cấp giấy chứng nhận: hãy huỷ bỏ công nhận thay vì hoàn tác.")


def nomination_for(person: Person, code: str) -> Nomination | None:
    return visible_to(person).filter(code=code).first()


def nominees_of(nomination: Nomination) -> QuerySet[Nominee]:
    return nomination.nominees.select_related("person__unit", "collective", "initiative")


def waiting(unit: Unit) -> int:
    """Nominations that wait for a unit's decision."""
    return Nomination.objects.filter(decider=unit, state=NominationState.SUBMITTED).count()


def decisions(person: Person) -> QuerySet[AwardDecision]:
    """Of the person's subtree, or on a list of a unit of it."""
    found = AwardDecision.objects.select_related("unit", "paper", "programme")
    own = grants.visible(person, Permission.AWARD_VIEW, found)
    concerned = grants.visible(person, Permission.AWARD_VIEW, Nomination.objects.all())
    return found.filter(Q(pk__in=own.values("pk")) | Q(pk__in=concerned.values("decision")))


def certificates(person: Person) -> QuerySet[Certificate]:
    """Issued by units of the person's subtree."""
    return grants.visible(person, Permission.AWARD_VIEW, Certificate.objects.select_related("unit"))


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """The person's own."""
    return Certificate.objects.filter(person=person).select_related("unit").order_by("-pk")


def certificate_by_code(code: str) -> Certificate | None:
    return Certificate.objects.select_related("unit").filter(code=codes.tidy(code)).first()
