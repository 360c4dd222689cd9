"""`thidua found …`, `thidua appoint …`: the first unit, and posts that nobody in the system can give."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thidua.accounts.domain.codes import Issued


def add_commands(commands: argparse._SubParsersAction) -> None:
    first = commands.add_parser(
        "found", help="lập đơn vị cao nhất và người quản trị đầu tiên (the top unit and its first administrator)"
    )
    first.add_argument("--code", required=True, help="mã đơn vị, ví dụ HY (code)")
    first.add_argument("--name", required=True, help="tên đầy đủ (full name)")
    first.add_argument("--short-name", default="", help="tên gọi tắt (short name)")
    first.add_argument("--kind", required=True, help="loại: confederation, provincial, central, grassroots …")
    first.add_argument("--place", default="", help="địa danh trên văn bản (place written on papers)")
    first.add_argument("--administrator", required=True, metavar="HỌ TÊN", help="người quản trị (who administers)")
    first.add_argument("--phone", default="")
    first.add_argument("--email", default="")
    first.set_defaults(run=found, needs_database=True)
    again = commands.add_parser(
        "appoint", help="giao chức danh không ai trong hệ thống giao được (a post nobody else can give; a way back in)"
    )
    again.add_argument("unit", metavar="ĐƠN_VỊ", help="mã đơn vị (unit code)")
    again.add_argument(
        "person", metavar="NGƯỜI", help="mã đoàn viên, điện thoại hoặc email (member code, phone, e-mail)"
    )
    again.add_argument("--role", default="administrator", help="administrator, chair, upper_officer …")
    again.add_argument(
        "--forget-second-step", default="", metavar="LÝ_DO", help="gỡ bước xác minh thứ hai (lost phone)"
    )
    again.set_defaults(run=appoint, needs_database=True)


def found(arguments: argparse.Namespace) -> int:
    from thidua.appointments.domain import beginnings
    from thidua.kernel.verdicts import Refused

    try:
        unit, issued = beginnings.found(
            code=arguments.code,
            name=arguments.name,
            short_name=arguments.short_name,
            kind=arguments.kind,
            place=arguments.place,
            full_name=arguments.administrator,
            phone=arguments.phone,
            email=arguments.email,
        )
    except Refused as refused:
        return _say_no(refused.sentence)
    sys.stderr.write(f"{unit.name} ({unit.code})\n")
    return _show(issued)


def appoint(arguments: argparse.Namespace) -> int:
    from thidua.appointments.domain import beginnings
    from thidua.kernel.verdicts import Refused
    from thidua.orgs import queries as org_queries
    from thidua.people import queries as people_queries

    unit, person = org_queries.by_code(arguments.unit), people_queries.person_for(arguments.person)
    if unit is None or person is None:
        missing = arguments.unit if unit is None else arguments.person
        return _say_no(f"không tìm thấy «{missing}» (not found)")
    try:
        return _show(beginnings.appoint(person, unit, arguments.role, forget_second_step=arguments.forget_second_step))
    except Refused as refused:
        return _say_no(refused.sentence)


def _show(issued: Issued) -> int:
    """The code goes to standard output, once."""
    sys.stderr.write(f"{issued.person.full_name} ({issued.person.code}), mã dùng một lần (one-time code):\n")
    sys.stdout.write(f"{issued.written}\n")
    sys.stderr.write(
        f"Nhập mã tại /nhan-tai-khoan/ trước {issued.expires_at:%d/%m/%Y} để đặt mật khẩu "
        "(type it at that page to choose a password)\n"
    )
    return 0


def _say_no(sentence: str) -> int:
    sys.stderr.write(f"thidua: {sentence}\n")
    return 2
