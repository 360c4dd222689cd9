"""Logs: one JSON object a line in production; slow requests and queries are named, values never."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
from django.db import connection

from thidua.config import logs


@pytest.fixture
def written():
    """What a logger writes with the production settings."""
    stream = io.StringIO()
    formatter = logs.settings({"THIDUA_PRODUCTION": "1"})["formatters"]["json"]
    configured = logging.config.DictConfigurator({}).configure_formatter(dict(formatter))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(configured)
    logger = logging.getLogger("thidua.slow")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_text_unless_production_or_told():
    def formatter(**environ):
        return logs.settings(environ)["handlers"]["console"]["formatter"]

    assert formatter() == "text"
    assert formatter(THIDUA_PRODUCTION="1") == "json"
    assert formatter(THIDUA_PRODUCTION="1", THIDUA_LOG_FORMAT="text") == "text"


def test_a_slow_request_names_its_view_and_counts_its_queries(client, db, settings, written):
    settings.SLOW_REQUEST_MS = 0
    client.get("/robots.txt?secret=1")
    line = json.loads(written.getvalue().splitlines()[-1])
    assert "shell:robots" in line["message"]
    assert (line["level"], line["method"], line["status"]) == ("warning", "GET", 200)
    assert line["queries"] >= 0
    assert "secret" not in written.getvalue()


def test_a_slow_query_is_shown_without_its_values(db, settings, written):
    from thidua.sites.shell.watching import Watch

    settings.SLOW_QUERY_MS = 0
    with connection.execute_wrapper(Watch()), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", ["0900000001"])
    line = json.loads(written.getvalue())
    assert "SELECT %s::text" in line["message"]
    assert "0900000001" not in written.getvalue()
