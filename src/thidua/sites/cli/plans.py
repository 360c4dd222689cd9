"""`thidua plan read FILE [--json]`: JSON alone on standard output, messages on standard error."""

from __future__ import annotations

import argparse
import json
import sys

from thidua.programmes.reader import ReadPlan, Unreadable, read_file


def add_commands(commands: argparse._SubParsersAction) -> None:
    plan = commands.add_parser("plan", help="đọc kế hoạch (read a plan)")
    verbs = plan.add_subparsers(required=True, metavar="read")
    read = verbs.add_parser("read", help="đọc tệp .txt, .docx, .pdf (read a file)")
    read.add_argument("file", metavar="FILE")
    read.add_argument("--json", action="store_true", help="in cấu trúc đầy đủ dạng JSON (print everything as JSON)")
    read.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        plan = read_file(arguments.file)
    except Unreadable as refused:
        sys.stderr.write(f"thidua: {arguments.file}: {refused.sentence}\n")
        return 2
    if arguments.json:
        json.dump(plan.to_json(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(summary(plan))
    for warning in plan.warnings:
        place = f"dòng {warning['line']}: " if warning["line"] else ""
        sys.stderr.write(f"{place}{warning['sentence']}\n")
    return 0


def summary(plan: ReadPlan) -> str:
    """What was read, for a person at a terminal."""
    lines = [
        f"{plan.number or '…'}/{plan.symbol or '…'}, {plan.place or '…'}, {plan.issued_on or '…'}: {plan.title}",
        f"Đơn vị: {plan.issuer or '…'}; người ký: {plan.signer or '…'}",
    ]
    for phase in plan.phases:
        lines.append(f"{phase['name']}: {phase['starts_on'] or '…'} – {phase['ends_on'] or '…'}")
    for target in plan.targets:
        lines.append(f"Chỉ tiêu {target['phase'] or ''}: {target['phrase']}")
    lines += [f"{m['kind']}: {m['name']} ({m['audience']})" for m in plan.movements]
    lines += [f"{d['who']}: {d['text'][:90]}" for d in plan.duties]
    return "\n".join(lines) + "\n"
