"""What every request carries: where it comes from, what day it is, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from thidua.access import grants
from thidua.accounts.domain import sign_ins
from thidua.kernel import clock, installation
from thidua.kernel.verdicts import Forbidden, Refused, Stale
from thidua.ledger import origin
from thidua.sites.shell import desk, entrance
from thidua.sites.shell.answers import answer

Next = Callable[[HttpRequest], HttpResponse]


class NetworkMiddleware:
    """Behind one's own proxies the visitor's address is the one the outermost of them has seen."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if 0 < settings.TRUSTED_PROXIES <= len(hops):
            request.META["REMOTE_ADDR"] = hops[-settings.TRUSTED_PROXIES]
        return self.get_response(request)


class LastUseMiddleware:
    """Write down now and then that a session is in use, for the list of one's sessions."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.running()
        seen = request.session.get(entrance.SEEN)
        if seen is not None and now.timestamp() - seen > sign_ins.TOUCH_EVERY.total_seconds():
            sign_ins.touch(request.session.session_key or "")
            request.session[entrance.SEEN] = now.timestamp()
        return self.get_response(request)


class PostMiddleware:
    """Whoever has chosen one of several posts works with the rights of that one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.session.get(desk.KEY)
        if chosen is not None and request.user.is_authenticated:
            grants.work_at(desk.person_of(request), chosen)
        return self.get_response(request)


class OriginMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.using(f"{request.META.get('REMOTE_ADDR', '')} {request.method} {request.path}"):
            return self.get_response(request)


class ClockMiddleware:
    """A demonstration may stand on a day of its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            standing = installation.current()
        except DatabaseError:  # then the clock runs, and the view says what is wrong
            return self.get_response(request)
        if not (standing.is_demonstration and standing.clock_on):
            return self.get_response(request)
        with clock.at(standing.clock_on):
            return self.get_response(request)


class RefusalMiddleware:
    """A Refused that no view caught is a page with its sentence; what was typed is one step back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, Forbidden) else 409 if isinstance(exception, Stale) else 422
        response = answer(
            request,
            "shell/refused.html",
            {"sentence": exception.sentence, "status": status},
            partial="shell/_refused.html",
            status=status,
        )
        if getattr(request, "htmx", False):
            # htmx does not swap error answers; the sentence goes into the page's message area.
            response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
        return response
