"""Sign in with the employer's (or the State's) account: whose claims may stand for which person.

The protocol itself (state, nonce, PKCE, signature) is checked before anything comes here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thidua.accounts import messages, queries, rules
from thidua.accounts.choices import Step
from thidua.accounts.models import ProviderLink
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.ledger import acts
from thidua.people import queries as people_queries
from thidua.people.models import Account, Person

Claims = dict[str, Any]


def known() -> dict[str, Any]:
    return settings.OIDC_PROVIDERS


def account_for(provider: str, claims: Claims) -> Account:
    """Whom these claims let in: a linked account, or the one person they prove beyond doubt.

    A first match makes the link, so later sign-ins go by the provider's own number and no
    longer by an address that may change hands.
    """
    link = queries.linked(provider, _subject(claims))
    if link is not None:
        rules.is_open(link.account).or_refuse()
        return link.account
    person = _person_by(provider, claims)
    if person is None:
        raise Refused(
            _(
                "Tài khoản %(provider)s này chưa gắn với ai trong danh sách. Hãy đăng nhập bằng mật khẩu hoặc phiếu mã, rồi liên kết ở trang Bảo mật."
            )
            % {"provider": known()[provider]["label"]}
        )
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(person=person, defaults={"login": person.code})
        if is_new:
            account.set_unusable_password()
            account.save(update_fields=["password"])
            acts.record("people.account.opened", person, by=person)
        rules.is_open(account).or_refuse()
        link_to(account, provider, claims)
    return account


def _subject(claims: Claims) -> str:
    subject = str(claims.get("sub") or "")
    if not subject or len(subject) > 255:
        raise Refused(_("Nơi cấp tài khoản không cho biết bạn là ai: hãy báo người quản trị."))
    return subject


def _person_by(provider: str, claims: Claims) -> Person | None:
    """Only what the provider has verified counts, and only in the ways its operator allows."""
    ways = known()[provider]["match"]
    email = claims.get("email") if "email" in ways and claims.get("email_verified") is True else ""
    phone = claims.get("phone_number") if "phone" in ways and claims.get("phone_number_verified") is True else ""
    code = claims.get(known()[provider]["code_claim"]) if "code" in ways else ""
    return queries.by_trusted_contact(
        email=str(email or ""), phone=people_queries.tidy_phone(str(phone or "")), code=str(code or "")
    )


def link_to(account: Account, provider: str, claims: Claims) -> ProviderLink:
    """From now on this identity signs in as this account."""
    taken = queries.linked(provider, _subject(claims))
    if taken is not None and taken.account_id != account.pk:
        raise Refused(_("Tài khoản đó đã liên kết với một người khác."))
    if taken is not None:
        return taken
    label = known()[provider]["label"]
    try:
        with transaction.atomic():
            made = ProviderLink.objects.create(
                account=account,
                provider=provider,
                subject=_subject(claims),
                label=str(claims.get("email") or claims.get("name") or _subject(claims))[:200],
                linked_at=clock.running(),
            )
            acts.record("accounts.provider.linked", account, by=account.person, after={"provider": provider})
            messages.security_changed(account, _("Đã liên kết tài khoản %(provider)s") % {"provider": label})
    except IntegrityError as error:
        raise Refused(
            _("Bạn đã liên kết một tài khoản %(provider)s khác: hãy bỏ liên kết cũ trước.") % {"provider": label}
        ) from error
    return made


def unlink(account: Account, pk: int) -> None:
    """The identity no longer signs in; refused when no other way in would be left."""
    found = queries.links(account).filter(pk=pk).first()
    if found is None:
        raise Refused(_("Liên kết này đã được bỏ."))
    others = queries.links(account).exclude(pk=pk).exists()
    has_passkey = account.authenticators.filter(kind=Step.PASSKEY).exists()
    if not (account.has_usable_password() or others or has_passkey):
        raise Refused(_("Hãy đặt mật khẩu trước, nếu không bạn sẽ không vào được nữa."))
    with transaction.atomic():
        found.delete()
        acts.record("accounts.provider.unlinked", account, by=account.person, before={"provider": found.provider})
        messages.security_changed(account, _("Đã bỏ liên kết tài khoản %(provider)s") % {"provider": found.provider})
