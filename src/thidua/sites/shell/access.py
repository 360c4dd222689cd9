"""Every view declares its rule with one of these; a test fails on a view that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.kernel.verdicts import Forbidden
from thidua.sites.shell import entrance

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
SIGNED_IN = "signed_in"


def needs(*permissions: Permission) -> Callable[[View], View]:
    """The coarse check: the person holds one of these permissions somewhere. The verb checks finely."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = request.user.person  # type: ignore[union-attr]
            if not any(grants.holds(person, p) for p in permissions):
                raise Forbidden(
                    _("Trang này dành cho người có quyền «%(permission)s».") % {"permission": permissions[0].label}
                )
            if entrance.owes_second_step(request):
                return redirect("shell:second-step-owed")
            return view(request, *args, **kwargs)

        checked.permission = permissions  # type: ignore[attr-defined]
        return checked

    return decorate


def signed_in(view: View) -> View:
    """Anybody with an account; what is shown is the person's own. Before a second step that is owed, too."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def fully_signed_in(view: View) -> View:
    """Anybody with an account who has taken the second step if one is owed; for work with rights the verb checks."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if entrance.owes_second_step(request):
            return redirect("shell:second-step-owed")
        return view(request, *args, **kwargs)

    checked.permission = SIGNED_IN  # type: ignore[attr-defined]
    return checked


def public(view: View) -> View:
    """Anybody at all."""
    open_view = login_not_required(view)
    open_view.permission = PUBLIC  # type: ignore[attr-defined]
    return open_view
