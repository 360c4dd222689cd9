"""DATABASES from the environment: a pooler for the web, the direct address for all else, copies to read from."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from thidua.config import addresses

POOLED = "postgres://u:p@pooler:6432/thidua"
DIRECT = "postgres://u:p@primary:5432/thidua?sslmode=require"


def test_without_a_pooler_everything_uses_one_address():
    entry = addresses.databases({"DATABASE_URL": DIRECT})["default"]
    assert (entry["HOST"], entry["PORT"], entry["OPTIONS"]) == ("primary", 5432, {"sslmode": "require"})


def test_the_web_goes_through_the_pooler_and_leaves_nothing_in_it():
    environ = {"DATABASE_URL": POOLED, "THIDUA_DIRECT_URL": DIRECT, "THIDUA_POOL": "4"}
    entry = addresses.databases(environ)["default"]
    assert entry["HOST"] == "pooler"
    assert entry["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert entry["OPTIONS"]["prepare_threshold"] is None
    assert entry["OPTIONS"]["pool"]["max_size"] == 4


def test_worker_and_commands_go_directly():
    """They listen for jobs, take locks, migrate and stream: none of it works through a transaction pooler."""
    entry = addresses.databases({"DATABASE_URL": POOLED, "THIDUA_DIRECT_URL": DIRECT})["default"]
    assert (entry["HOST"], "pool" in entry["OPTIONS"]) == ("primary", False)


def test_only_the_web_reads_from_copies():
    environ = {"DATABASE_URL": DIRECT, "THIDUA_REPLICA_URLS": "postgres://u@a/t, postgres://u@b/t"}
    assert list(addresses.databases(environ)) == ["default"]
    found = addresses.databases({**environ, "THIDUA_POOL": "4"})
    assert {name: entry["HOST"] for name, entry in found.items()} == {
        "default": "primary",
        "replica1": "a",
        "replica2": "b",
    }
    assert "pool" not in found["replica1"]["OPTIONS"], "a dead copy must fail at once, not after a pool's patience"


@pytest.mark.parametrize("name", ["DATABASE_URL", "THIDUA_DIRECT_URL"])
def test_a_wrong_address_is_named(name):
    with pytest.raises(ImproperlyConfigured, match=name):
        addresses.databases({"DATABASE_URL": DIRECT, name: "mysql://x/y"})
