"""Logs on standard error: lines to read, or one JSON object a line for a collector (in production)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

_STAMPED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's LOGGING. `THIDUA_LOG_FORMAT` is json or text; in production json unless told."""
    production = environ.get("THIDUA_PRODUCTION") == "1"
    form = environ.get("THIDUA_LOG_FORMAT") or ("json" if production else "text")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": _STAMPED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.EventRenamer("message"),
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            },
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json" if form == "json" else "text"},
        },
        "root": {"handlers": ["console"], "level": environ.get("THIDUA_LOG_LEVEL", "INFO")},
        "loggers": {
            "procrastinate": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"level": "WARNING", "handlers": ["console"], "propagate": False},
            "gunicorn.http": {"level": "ERROR"},  # a word about every HEAD
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},
        },
    }
