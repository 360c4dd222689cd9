"""Fixtures of the tests of signing in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from thidua.kernel import clock

PASSWORD = "matkhau-thu-2022"


@pytest.fixture(autouse=True)
def _no_memory():
    cache.clear()


@pytest.fixture
def later() -> Callable[..., AbstractContextManager]:
    """`with later(minutes=10): …` without waiting ten minutes."""
    start = timezone.now()
    return lambda **how_long: clock.running_at(start + timedelta(**how_long))


@pytest.fixture
def knock():
    """Try a password from a network: `knock("0900000001", "sai", network="10.0.0.1")`."""

    def attempt(who: str, password: str, *, network: str = "10.0.0.1", client: Client | None = None):
        sent = {"username": who, "password": password}
        return (client or Client()).post("/dang-nhap/", sent, REMOTE_ADDR=network)

    return attempt
