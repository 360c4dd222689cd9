"""Sign-in by phone, member code or e-mail: one field, whatever the person remembers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from thidua.kernel.prepared import composed_once
from thidua.people import queries
from thidua.people.models import Account


class IdentifierBackend(BaseBackend):
    def authenticate(self, request: Any, username: str = "", password: str = "", **credentials: Any) -> Account | None:
        account = queries.account_for(username or credentials.get("login", ""))
        if account is None:
            make_password(password)  # as slow as a real check: no telling who exists
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        found = [account for account in _account(int(user_id)) if account.is_active]
        return found[0] if found else None


@composed_once
def _account(pk: int) -> QuerySet[Account]:
    """Of every request of somebody signed in."""
    return Account.objects.select_related("person__unit__kind").filter(pk=pk)
