"""What took too long, in the log: the request with its number of queries, and the query without its values."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("thidua.slow")
MOST_LETTERS = 400

Next = Callable[[HttpRequest], HttpResponse]


class Watch:
    """Counts and times the queries of one request."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - started
            self.queries += 1
            self.seconds += took
            if took * 1000 >= settings.SLOW_QUERY_MS:
                # Never the values: they are people's names and numbers.
                text = re.sub(r"\s+", " ", str(sql))[:MOST_LETTERS]
                log.warning("slow query, %d ms: %s", took * 1000, text, extra={"ms": round(took * 1000)})


class SlowMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        watch, started = Watch(), time.perf_counter()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(watch))
            response = self.get_response(request)
        took = (time.perf_counter() - started) * 1000
        if took >= settings.SLOW_REQUEST_MS:
            view = request.resolver_match.view_name if request.resolver_match else request.path
            seen: dict[str, object] = {
                "ms": round(took),
                "queries": watch.queries,
                "query_ms": round(watch.seconds * 1000),
            }
            seen |= {"method": request.method, "status": response.status_code}
            log.warning("slow request, %d ms (%d queries): %s", took, watch.queries, view, extra=seen)
        return response
