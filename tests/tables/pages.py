"""Every list page with its filters and orders, as an officer of each level (or a member, or nobody) asks for it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from tests.tables.crowds import AUTHOR, NATION, PROGRAMME, PROVINCE, SECTOR, UNION

LEVELS = {"nation": NATION, "province": PROVINCE, "sector": SECTOR, "union": UNION}
NOBODY = 0


def _at(name: str, *args: object, **asked: str) -> str:
    return reverse(name, args=args) + (f"?{urlencode(asked)}" if asked else "")


def _office(level: str, unit: int) -> list[tuple[str, str, int]]:
    """(name, address, who asks): the pages of an officer of one unit."""
    code, kh, ct = f"U{unit}", f"KH-{NATION}", f"CT-{PROGRAMME}"
    dossiers = [
        {},
        {"order": "cu"},
        {"size": "100"},
        *({"state": s} for s in ("submitted", "received", "passed_up", "recognised", "returned", "qua-han", "sap-han", "nhap-do")),
        {"kind": "technical"},
        {"channel": "open"},
        {"kind": "managerial", "state": "recognised", "order": "cu"},
        {"q": "sang kien"},
        {"unit": f"U{SECTOR}"},
        {"unit": f"U{UNION}", "state": "recognised"},
    ]  # fmt: skip
    found = [(f"initiatives {a}", _at("office:initiatives", **a)) for a in dossiers]
    found += [("todo", _at("office:todo")), ("dossier", _at("office:dossier", f"SK-{AUTHOR}"))]
    found += [
        ("units", _at("office:units")),
        ("units q", _at("office:units", q="so 1")),
        ("unit", _at("office:unit", code)),
    ]
    found += [("unit as of", _at("office:unit", code, ngay="2021-01-01"))]
    found += [
        (f"people {a}", _at("office:people", code, **a))
        for a in ({}, {"q": "van 1"}, {"q": "khong co"}, {"tinh-trang": "left"}, {"tai-khoan": "chua"})
    ]
    found += [("posts", _at("office:posts", code)), ("posts former", _at("office:posts", code, xem="cu"))]
    found += [(f"posts {a}", _at("office:posts", code, **{"vai-tro": a})) for a in ("chair", "grassroots_officer")]
    found += [("accounts", _at("office:accounts", code)), ("accounts q", _at("office:accounts", code, q="van 1"))]
    found += [("duplicates", _at("office:duplicates", code)), ("unit-options", _at("office:unit-options", q="so 1"))]
    found += [("roster-options", _at("office:roster-options", unit="so 1")), ("kinds", _at("office:kinds"))]
    found += [("person-options", _at("office:person-options", person="van 1"))]
    found += [
        (f"plans {a}", _at("office:plans", **a))
        for a in ({}, {"state": "draft"}, {"year": "2020"}, {"where": "own"}, {"where": "above"}, {"where": "below"})
    ]
    found += [(f"plan-units {a}", _at("office:plan-units", kh, **a)) for a in ({}, {"standing": "none"}, {"received": "no"}, {"q": "so 1"})]  # fmt: skip
    found += [
        (n, _at(f"office:{n}", kh)) for n in ("plan", "plan-lineage", "plan-duties", "plan-movements", "plan-supports")
    ]
    found += [("plan-duty", _at("office:plan-duty", kh, 1_000_000))]
    found += [
        (f"duties {a}", _at("office:duties", **a))
        for a in ({}, {"state": "done"}, {"state": "late"}, {"state": "confirmed"})
    ]
    found += [("movements", _at("office:movements")), ("movement", _at("office:movement", ct))]
    found += [("programmes", _at("office:programmes")), ("programme", _at("office:programme", ct))]
    found += [
        (f"progress {a}", _at("office:progress", ct, code, **a))
        for a in ({}, {"sort": "percent"}, {"sort": "name"}, {"keeping": "late"}, {"page": "2"})
    ]
    found += [
        (f"progress-rows {a}", _at("office:progress-rows", ct, code, **a))
        for a in ({}, {"why": "not_recognised"}, {"counted": "1"})
    ]
    found += [
        (n, _at(f"office:{n}", ct, code)) for n in ("progress-people", "progress-compare", "progress-board", "targets")
    ]
    found += [("declarations", _at("office:declarations", ct, code))]
    found += [(n, _at(f"office:{n}")) for n in ("reports", "difficulties", "awards", "adoptions", "scope-proposals")]
    found += [("report", _at("office:report", f"BC-{unit}")), ("nomination", _at("office:nomination", f"DN-{unit}"))]
    found += [
        (n, _at(f"office:{n}")) for n in ("papers", "orders", "order-changes", "imports", "councils", "canned-reasons")
    ]
    if unit != UNION:
        found += [
            (f"report-units {a}", _at("office:report-units", f"YC-{unit}", **a))
            for a in ({}, {"state": "none"}, {"state": "owing"}, {"state": "submitted"}, {"q": "so 1"})
        ]
    if unit == UNION:
        found += [("packages", _at("office:packages"))]
        found += [("council", _at("office:council", f"HD-{UNION}")), ("session", _at("office:session", f"PH-{UNION}"))]
    found += [("person", _at("office:person", f"P{AUTHOR}")), ("clusters", _at("office:clusters", code))]
    return [(f"{level}: {name}", url, unit) for name, url in found]


def _member() -> list[tuple[str, str, int]]:
    found = [(n, _at(f"member:{n}")) for n in ("home", "initiatives", "profile")]
    found += [(f"mine {a}", _at("member:initiatives", **a)) for a in ({"state": "recognised"}, {"q": "sang"})]
    found += [("notices", _at("shell:notices")), ("initiative", _at("member:initiative", f"SK-{AUTHOR}"))]
    return [(f"member: {name}", url, AUTHOR) for name, url in found]


def _public() -> list[tuple[str, str, int]]:
    found = [("home", _at("portal:home")), ("programmes", _at("portal:programmes"))]
    found += [
        (f"library {a}", _at("portal:library", **a))
        for a in ({}, {"q": "sang kien"}, {"kind": "technical"}, {"year": "2021"}, {"unit": f"U{PROVINCE}"})
    ]
    found += [("suggest", _at("portal:library-suggest", q="sang"))]
    return [(f"public: {name}", url, NOBODY) for name, url in found]


PAGES = [*(page for level, unit in LEVELS.items() for page in _office(level, unit)), *_member(), *_public()]
