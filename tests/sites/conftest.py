"""Fixtures of the pages' tests."""

import pytest
from django.core.cache import cache

from tests.tallies.test_sums import make_programme
from thidua.programmes.models import Programme


@pytest.fixture
def programme(cast) -> Programme:
    """The programme of the sector above An's hospital."""
    return make_programme(cast, "TB-YT")


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests():
    cache.clear()
