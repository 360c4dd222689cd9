"""What a machine runs follows from its cores and memory."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from thidua.config import machine
from thidua.config.machine import Machine, Sizes

machines = st.builds(Machine, cores=st.integers(1, 256), memory_mb=st.integers(512, 1_000_000))


@pytest.mark.parametrize(
    ("cores", "memory", "web"),
    [(1, 1024, 2), (2, 4096, 2), (4, 8192, 4), (8, 3000, 5), (64, 256_000, 16)],
)
def test_a_web_process_for_each_core_that_memory_allows(cores, memory, web):
    assert machine.sizes(Machine(cores, memory), with_database=True).web == web


def test_a_database_elsewhere_leaves_more_room():
    small = Machine(8, 2500)
    assert machine.sizes(small, with_database=False).web > machine.sizes(small, with_database=True).web


def test_the_operator_has_the_last_word():
    chosen = {"THIDUA_WEB_WORKERS": "3", "THIDUA_WEB_THREADS": "6", "THIDUA_JOBS": "1"}
    assert machine.sizes(Machine(2, 4096), with_database=True, environ=chosen) == Sizes(
        web=3, threads=6, pool=6, jobs=1
    )


@pytest.mark.parametrize("given_", ["0", "-1", "many", "1000"])
def test_nonsense_is_refused_by_name(given_):
    with pytest.raises(ImproperlyConfigured, match="THIDUA_WEB_WORKERS"):
        machine.sizes(Machine(2, 4096), with_database=True, environ={"THIDUA_WEB_WORKERS": given_})


@given(machines)
def test_postgresql_allows_every_connection_the_site_may_open(it):
    allowed = int(machine.postgresql(it)["max_connections"])
    sizes = machine.sizes(it, with_database=True)
    assert allowed >= sizes.web * sizes.pool + machine.RESERVED_CONNECTIONS


@given(machines)
def test_memory_is_not_promised_twice(it):
    chosen = machine.postgresql(it)
    buffers = int(chosen["shared_buffers"].removesuffix("MB"))
    assert 128 <= buffers <= max(128, it.memory_mb // 4)
    assert 4 <= int(chosen["work_mem"].removesuffix("MB")) <= 64


def test_a_container_counts_by_its_limits(tmp_path):
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{768 * machine.MB}\n")
    assert machine.this(tmp_path) == Machine(cores=1, memory_mb=768)


def test_a_container_without_limits_counts_like_its_host(tmp_path):
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.this(tmp_path) == machine.this(tmp_path / "nowhere")
