"""Django's sessions in the database; the row that every request reads is read without composing its query."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from thidua.kernel import clock
from thidua.kernel.prepared import composed_once


@composed_once
def _by_key(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        for found in _by_key(self.session_key) if self.session_key else ():
            if found.expire_date > clock.running():
                return found
        self._session_key = None
        return None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session
