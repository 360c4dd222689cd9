"""Passkeys (WebAuthn): the phone's fingerprint or face, or a security key, instead of a password."""

from __future__ import annotations

import hashlib
import json
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from thidua.accounts.choices import Step
from thidua.accounts.domain import second_steps
from thidua.accounts.models import Authenticator
from thidua.kernel.verdicts import Refused
from thidua.people.models import Account

MOST = 10
_State = dict[str, Any]  # the challenge; the caller keeps it in the visitor's session
_FAULTS = (ValueError, TypeError, KeyError, AttributeError, InvalidSignature)


def are_possible(host: str) -> bool:
    """Browsers tie a passkey to a name; a bare number (127.0.0.1) has none."""
    try:
        ip_address(_name(host))
    except ValueError:
        return True
    return False


def _name(host: str) -> str:
    """The host without its port."""
    return urlsplit(f"//{host}").hostname or host


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=_name(host), name=second_steps.ISSUER))


def _keys(account: Account | None) -> dict[bytes, Authenticator]:
    if account is None:
        return {}
    rows = second_steps.authenticators(account).filter(kind=Step.PASSKEY)
    return {_credential(row).credential_id: row for row in rows}


def _credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(row.credential or b""))


def _plain(options: Any) -> dict[str, Any]:
    return json.loads(json.dumps(dict(options)))


def begin_registration(account: Account, host: str) -> tuple[dict[str, Any], _State]:
    """What the browser needs to make a key, and the state to check its answer by."""
    user = PublicKeyCredentialUserEntity(
        id=str(account.pk).encode(), name=account.login, display_name=account.person.full_name
    )
    options, state = _server(host).register_begin(
        user,
        credentials=[_credential(row) for row in _keys(account).values()],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options), state


def complete_registration(account: Account, host: str, state: _State | None, answer: str, name: str) -> list[str]:
    """Keep the new key; gives the recovery codes that come with a first second step."""
    if len(_keys(account)) >= MOST:
        raise Refused(_("Mỗi tài khoản có tối đa %(count)s khoá đăng nhập.") % {"count": MOST})
    try:
        made = _server(host).register_complete(state or {}, RegistrationResponse.from_dict(json.loads(answer)))
        credential = made.credential_data
        if credential is None:
            raise ValueError("no credential in the answer")
        return second_steps.add(
            Authenticator(
                account=account,
                kind=Step.PASSKEY,
                name=" ".join(name.split())[:60] or _("Khoá đăng nhập"),
                credential=bytes(credential),
                key_id=hashlib.sha256(credential.credential_id).hexdigest(),
                counter=made.counter,
            )
        )
    except (*_FAULTS, IntegrityError) as error:
        raise Refused(_("Thiết bị không tạo được khoá đăng nhập: hãy thử lại.")) from error


def begin_authentication(host: str, account: Account | None = None) -> tuple[dict[str, Any], _State]:
    """For one account (second step), or for whoever the device knows (instead of name and password)."""
    options, state = _server(host).authenticate_begin(
        credentials=[_credential(row) for row in _keys(account).values()] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options), state


def complete_authentication(host: str, state: _State | None, answer: str, account: Account | None = None) -> Account:
    """The account whose key has signed the challenge. A copied key (its counter went back) is refused."""
    unknown = Refused(_("Khoá đăng nhập không được nhận ra: hãy thử lại hoặc dùng cách khác."))
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        account = account or _account_of(response)
        keys = _keys(account)
        known = [_credential(row) for row in keys.values()]
        used = _server(host).authenticate_complete(state or {}, known, response)
    except _FAULTS as error:
        raise unknown from error
    if account is None or not account.is_active:
        raise unknown
    _count(keys[used.credential_id].pk, response.response.authenticator_data.counter)
    return account


def _account_of(response: AuthenticationResponse) -> Account | None:
    handle = (response.response.user_handle or b"").decode("ascii", "replace")
    if not handle.isdecimal() or len(handle) > 18:
        return None
    return Account.objects.select_related("person__unit__kind").filter(pk=int(handle)).first()


def _count(pk: int, counter: int) -> None:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=pk)
        if counter and counter <= row.counter:
            raise Refused(_("Khoá này có thể đã bị sao chép: hãy bỏ khoá và thêm lại."))
        second_steps.used(row, counter)
