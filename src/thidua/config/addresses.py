"""Where the database is, as Django's DATABASES: the primary, and copies that may be read from.

Web processes use DATABASE_URL, which may be a PgBouncer in transaction mode; everything else
(worker, migrations, commands) listens, locks or streams and uses THIDUA_DIRECT_URL when that is set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from thidua.config import database


def databases(environ: Mapping[str, str] = os.environ) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. Starts nothing and needs no server to exist."""
    pool = int(environ.get("THIDUA_POOL", "0"))  # set for web processes only
    direct = environ.get("THIDUA_DIRECT_URL", "")
    own = database.known_url(database.data_dir()) or f"postgres://{database.USER}@127.0.0.1:1/{database.NAME}"
    url = environ.get("DATABASE_URL") or own
    primary = parse(url) if pool or not direct else parse(direct, "THIDUA_DIRECT_URL")
    primary["TEST"] = {"NAME": environ.get("THIDUA_TEST_DATABASE", "test_thidua")}
    if direct and pool:
        # The next transaction may come to another server process: nothing may be left in the last one.
        primary["DISABLE_SERVER_SIDE_CURSORS"] = True
        primary["OPTIONS"]["prepare_threshold"] = None
    if pool:
        # A pool must not be shared with forked or short-lived commands.
        primary["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {"default": primary} | {name: _copy(url) for name, url in replicas(environ).items()}


def replicas(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """THIDUA_REPLICA_URLS by name. Only web processes read from copies: what is computed is never stale."""
    urls = [url.strip() for url in environ.get("THIDUA_REPLICA_URLS", "").split(",") if url.strip()]
    return {f"replica{n}": url for n, url in enumerate(urls, 1)} if environ.get("THIDUA_POOL") else {}


def _copy(url: str) -> dict[str, Any]:
    """Connections are kept by each thread: unlike a pool they fail at once when the copy is gone."""
    entry = parse(url, "THIDUA_REPLICA_URLS")
    entry["OPTIONS"] |= {"connect_timeout": "2", "prepare_threshold": None}
    return {**entry, "CONN_MAX_AGE": 300, "DISABLE_SERVER_SIDE_CURSORS": True, "TEST": {"MIRROR": "default"}}


def parse(url: str, named: str = "DATABASE_URL") -> dict[str, Any]:
    """A postgres:// address as a Django entry. Raises ImproperlyConfigured with one clear line."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{named}: {error}") from error
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise ImproperlyConfigured(f"{named} must look like postgres://user:password@host:5432/name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "thidua.kernel.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port or "",
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def connection() -> dict[str, Any]:
    """The primary as psycopg's arguments."""
    entry = databases()["default"]
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in entry["OPTIONS"].items() if key != "pool"}
    return {**options, **{key: entry[name] for key, name in named.items() if entry[name]}}
