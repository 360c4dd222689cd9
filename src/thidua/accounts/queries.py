"""The door for reading what signing in keeps."""

from __future__ import annotations

import hashlib

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.accounts.models import Device, EmailChange, OneTimeCode, Preference, ProviderLink, SignIn
from thidua.kernel import clock
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.models import Account, Person


def open_codes() -> QuerySet[OneTimeCode]:
    """Neither used nor withdrawn; an expired one is still open to be told that it is expired."""
    return OneTimeCode.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)


def code_of(person: Person) -> OneTimeCode | None:
    return open_codes().filter(person=person, expires_at__gt=clock.running()).first()


def without_account(unit: Unit, *, unissued_only: bool = False) -> QuerySet[Person]:
    """The roster of a unit and below, as far as nobody can sign in yet; `has_code`: a slip is out."""
    has = Account.objects.filter(person=OuterRef("pk"))
    waiting = open_codes().filter(person=OuterRef("pk"), expires_at__gt=clock.running())
    found = people_queries.roster(unit).filter(~Exists(has))
    if unissued_only:
        found = found.filter(~Exists(waiting))
    return found.annotate(has_code=Exists(waiting))


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def device(token: str, account: Account | None) -> Device | None:
    """The known device of this account that this cookie stands for."""
    if not token or account is None:
        return None
    return Device.objects.filter(digest=digest_of(token), account=account).first()


def sign_ins(account: Account) -> QuerySet[SignIn]:
    return SignIn.objects.filter(account=account).order_by("-last_used_at", "-id")


def preference(account: Account) -> Preference:
    """Unsaved defaults when nothing was chosen yet."""
    return Preference.objects.filter(account=account).first() or Preference(account=account)


def email_change(account: Account) -> EmailChange | None:
    return EmailChange.objects.filter(account=account, expires_at__gt=clock.running()).first()


def links(account: Account) -> QuerySet[ProviderLink]:
    return ProviderLink.objects.filter(account=account).order_by("provider")


def linked(provider: str, subject: str) -> ProviderLink | None:
    return (
        ProviderLink.objects.select_related("account__person__unit__kind")
        .filter(provider=provider, subject=subject)
        .first()
    )


def by_trusted_contact(*, email: str = "", phone: str = "", code: str = "") -> Person | None:
    """The one person of this e-mail, phone or member code; nobody when they point to several.

    A phone number the person has only stated (nobody checked it) proves nothing.
    """
    condition = Q(pk__in=[])
    if email:
        condition |= Q(email__iexact=email)
    if phone:
        condition |= Q(phone=phone) & ~Q(account__preference__own_phone=phone)
    if code:
        condition |= Q(code__iexact=code)
    found = people_queries.people().filter(condition, left_on__isnull=True).order_by("pk")[:2]
    return found[0] if len(found) == 1 else None
