"""The signing key: from the environment, or made once and kept in the data directory."""

from __future__ import annotations

import os
import secrets

from thidua.config import database


def secret_key() -> str:
    """`THIDUA_SECRET_KEY`, else the content of `secret-key` in the data directory (0600)."""
    if given := os.environ.get("THIDUA_SECRET_KEY"):
        return given
    if os.environ.get("THIDUA_PRODUCTION") == "1" and os.environ.get("DATABASE_URL"):
        from django.core.exceptions import ImproperlyConfigured

        # Machines that share a database must share the key; the embedded database has one machine.
        raise ImproperlyConfigured("THIDUA_SECRET_KEY must be set in production with DATABASE_URL")
    path = database.data_dir() / "secret-key"
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        pass
    key = secrets.token_urlsafe(48)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(key)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    except OSError:
        pass  # a folder that cannot be written: commands that only read still work, with a key of their own
    return key
