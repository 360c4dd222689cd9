"""Fixtures every package shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import translation

from tests.cast import Cast, assemble
from thidua.kernel import clock, installation
from thidua.ledger import readers
from thidua.people.models import Person


@pytest.fixture(autouse=True)
def _quick_and_clean(settings, tmp_path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = [f"{MD5PasswordHasher.__module__}.{MD5PasswordHasher.__name__}"]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SECOND_STEP_PERMISSIONS = []  # tests/accounts asks for it where it matters
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    installation.forget()
    readers.ask_anew()
    yield
    installation.forget()
    translation.deactivate()  # a request in English must not colour the next test


@pytest.fixture
def today() -> Iterator[date]:
    """The clock stands at 20 May 2022, inside phase 1 of the Thái Bình plan."""
    day = date(2022, 5, 20)
    with clock.at(day):
        yield day


@pytest.fixture
def cast(db, today) -> Cast:
    return assemble()


@pytest.fixture
def sign_in(db):
    """A signed-in client: `sign_in(cast.an)`."""

    def enter(person: Person) -> Client:
        client = Client()
        client.force_login(person.account)
        return client

    return enter
