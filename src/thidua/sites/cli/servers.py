"""`thidua restart`: new processes take over from the running ones; no request is dropped."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

LONGEST_SECONDS = 300  # the migrations of a large database


def add_commands(commands: argparse._SubParsersAction) -> None:
    restart_ = commands.add_parser("restart", help="khởi động lại, không bỏ lượt truy cập nào (restart gracefully)")
    restart_.set_defaults(run=restart)


def restart(_arguments: argparse.Namespace) -> int:
    """Exit 1 when no server runs from this data directory or the new processes do not start."""
    from django.conf import settings

    path = Path(settings.DATA) / "server.json"
    before = _read(path)
    if before is None:
        sys.stderr.write("thidua: không có máy chủ nào đang chạy từ thư mục dữ liệu này (no server runs)\n")
        return 1
    try:
        os.kill(int(before["pid"]), signal.SIGHUP)
    except ProcessLookupError:
        sys.stderr.write("thidua: máy chủ đã dừng (the server has ended)\n")
        return 1
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        now = _read(path) or {"state": "failed", "fault": "máy chủ đã dừng (the server has ended)"}
        if now["state"] == "failed":
            sys.stderr.write(f"thidua: {now['fault']}\n")
            return 1
        if now["state"] == "running" and now["generation"] > before["generation"]:
            sys.stderr.write("thidua: đã khởi động lại (restarted)\n")
            return 0
        time.sleep(0.1)
    sys.stderr.write("thidua: chưa xong sau năm phút: xem nhật ký của máy chủ (not done: see the server's log)\n")
    return 1


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
