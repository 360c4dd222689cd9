"""Named by Django: the ENGINE of DATABASES."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from thidua.kernel import priority


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        priority.share(made)
        return made
