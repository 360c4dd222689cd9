"""Pages that may lag, and the cookie by which one sees one's own changes all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from thidua.kernel import replicas

COOKIE = "thidua_at"
# A copy later than this is not read from at all (REPLICA_LAG_SECONDS), so nobody misses the cookie.
COOKIE_SECONDS = 3600
NOWHERE = 2**63 - 1  # no copy is ever that far
SAFE = ("GET", "HEAD", "OPTIONS")

_IS_HEX = re.compile(r"[0-9a-f]{1,16}").fullmatch

View = Callable[..., HttpResponseBase]
Next = Callable[[HttpRequest], HttpResponse]


def may_lag(view: View) -> View:
    """This page may show what was true some seconds ago, except to those who have just changed something.

    A copy that breaks off is not the reader's trouble: the page is made again from the primary.
    """

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE:
            return view(request, *args, **kwargs)
        name = replicas.choose(getattr(request, "own_writes", 0)) if settings.REPLICAS else DEFAULT_DB_ALIAS
        try:
            with replicas.reading(name):
                return view(request, *args, **kwargs)
        except Error as fault:
            if name == DEFAULT_DB_ALIAS or not _is_the_copys_fault(fault):
                raise
            replicas.failed(name, fault)
        with replicas.reading():
            return view(request, *args, **kwargs)

    reading.may_lag = True  # type: ignore[attr-defined]
    return reading


def _is_the_copys_fault(fault: Error) -> bool:
    """Gone, or it had to cancel the query to keep up; a wrong query is wrong anywhere."""
    return isinstance(fault, OperationalError) or "connection" in str(fault)


class OwnWritesMiddleware:
    """After a change the browser carries the position of the primary's log; copies must have reached it."""

    def __init__(self, get_response: Next) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.COOKIES.get(COOKIE, "")
        # Whoever invents a number is only ever served by the primary.
        request.own_writes = int(told, 16) if _IS_HEX(told) else 0  # type: ignore[attr-defined]
        with replicas.noting_writes() as seen:
            response = self.get_response(request)
        if seen["wrote"] or request.method not in SAFE:
            response.set_cookie(
                COOKIE,
                f"{_position():x}",
                max_age=COOKIE_SECONDS,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


def _position() -> int:
    """What was written is written: a primary that fails now must not turn the answer into an error."""
    try:
        return replicas.position()
    except Error:
        return NOWHERE
