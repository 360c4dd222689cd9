"""A plan written as a paper and read back is the same plan, in Word and in PDF."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from thidua.documents.rendering import official
from thidua.programmes import papers
from thidua.programmes.reader import ReadPlan, read_file

PLANS = Path(__file__).parent.parent / "programmes" / "reader"
REAL = sorted((PLANS / "plans").iterdir())
INVENTED = [path for path in sorted((PLANS / "unions").iterdir()) if not path.stem.startswith("khong-dau")]
SCALARS = ("number", "symbol", "issued_on", "place", "issuer", "title", "year", "signer", "signed_for")
LISTS = ("basis", "implements", "amends", "phases", "movements", "duties", "recipients")
WRITERS = {"docx": official.to_docx, "pdf": official.to_pdf}
# Where a value was read, and the words it was read in, belong to the paper and not to the plan.
OF_THE_PAPER = ("source", "phrase", "unit_name", "name_of_indicator")


def written(plan: ReadPlan, kind: str) -> ReadPlan:
    with translation.override("vi"):
        paper = papers.paper_of(plan, superior="TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM", is_draft=plan.number is None)
        return read_file(WRITERS[kind](paper), f"ke-hoach.{kind}")


def shape(plan: ReadPlan) -> dict:
    found = {name: getattr(plan, name) for name in SCALARS}
    found["issuer"] = (found["issuer"] or "").upper()  # the heading is in capitals
    for name in LISTS:
        found[name] = [bare(item) for item in getattr(plan, name)]
    own = [bare(t) for t in plan.targets if not t.get("unit_name")]  # annexes are written by the allocation
    found["targets"] = sorted(own, key=lambda t: (t["phase"] or "", t["indicator"], str(t["value"])))
    return {**found, "aims": plan.aims}


def bare(item: dict) -> dict:
    kept = {name: value for name, value in item.items() if name not in OF_THE_PAPER}
    for name in ("who", "text"):  # a sentence begins with a capital
        if name in kept:
            kept[name] = kept[name][:1].upper() + kept[name][1:]
    return kept


@pytest.mark.parametrize(
    ("path", "kind"),
    [*((path, kind) for path in REAL for kind in WRITERS), *((path, "pdf") for path in INVENTED)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_a_paper_that_was_read_is_written_and_reads_the_same(path, kind):
    plan = read_file(path)
    assert shape(written(plan, kind)) == shape(plan)


WORDS = (
    "đoàn viên công nhân lao động sáng tạo đổi mới năng suất chất lượng hiệu quả an toàn vệ sinh chuyên môn quản lý "
    "sản xuất kinh doanh dịch vụ y tế giáo dục nghiệp cơ quan đơn vị nâng cao tay nghề kỹ cải cách hành chính đời sống làm"
)
words = st.lists(st.sampled_from(WORDS.split()), min_size=3, max_size=9).map(" ".join)
titles = words.map(lambda w: f"Tổ chức phong trào thi đua {w}")
BODIES = (
    "Công đoàn ngành",
    "Các công đoàn cơ sở trực thuộc",
    "Ban Chính sách - Pháp luật LĐLĐ tỉnh",
    "Văn phòng",
    "Các LĐLĐ huyện, thành phố, công đoàn ngành",
    "Ủy ban Kiểm tra",
)
VERBS = ("Xây dựng kế hoạch", "Tổ chức", "Tuyên truyền", "Đôn đốc, tổng hợp", "Phối hợp với chuyên môn", "Lựa chọn")
RHYTHMS = (None, None, "hằng tháng", "hằng quý", "trước ngày 20 hằng tháng", "sau mỗi đợt")
days = st.dates(date(2022, 3, 1), date(2027, 6, 30))
SINGLE = (
    ("initiatives", "count"), ("participation_rate", "percent"), ("members_organised", "count"),
    ("grassroots_unions_founded", "count"), ("agreements_signed", "count"), ("dialogues_held", "count"),
    ("workers_cared_for_tet", "count"), ("supervisions", "count"), ("articles_published", "count"),
    ("units_responding", "percent"), ("benefit", "count"), ("other", "count"), ("other", "percent"),
)  # fmt: skip
PERIODS = (None, None, "2026", "2026–2027", "mỗi giai đoạn", "mỗi cđcs", "hằng năm")


@st.composite
def targets_of(draw, phases):
    found, seen = [], set()
    for indicator, unit in draw(st.lists(st.sampled_from(SINGLE), max_size=6, unique=True)):
        phase = draw(st.sampled_from([None, *phases]))
        top = 100 if unit == "percent" else 2_000_000
        low, high = sorted(draw(st.lists(st.integers(1, top), min_size=2, max_size=2, unique=True)))
        comparator = draw(st.sampled_from(["at_least", "more_than", "exactly", "at_most", "between"]))
        found.append(
            {
                "indicator": indicator,
                "comparator": comparator,
                "value": [low, high] if comparator == "between" else high,
                "unit": unit,
                "phase": phase,
                "period": None if phase else draw(st.sampled_from(PERIODS)),
                "phrase": "",
            }
        )
        seen.add((indicator, phase))
    return found


@st.composite
def phases_of(draw):
    kind, name = draw(st.sampled_from([("phase", "Giai đoạn"), ("round", "Đợt")]))
    start = draw(days)
    found = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        end = start + timedelta(days=draw(st.integers(10, 300)))
        theme = draw(
            st.none() | words.map(lambda w: f"chào mừng {w}") | st.just("phấn đấu hoàn thành kế hoạch năm 2022")
        )
        window = draw(st.booleans())
        found.append(
            {
                "name": f"{name} {number}",
                "theme": theme,
                "kind": kind,
                "starts_on": start.isoformat(),
                "ends_on": end.isoformat(),
                "eligible_from": (start - timedelta(days=60)).isoformat() if window else None,
                "eligible_to": end.isoformat() if window and draw(st.booleans()) else None,
            }
        )
        start = end + timedelta(days=1)
    return found


duty = st.builds(
    lambda verb, rest, due, often: {
        "text": f"{verb} {rest}",
        "due_on": due.isoformat() if due and not often else None,
        "recurring": often,
    },
    st.sampled_from(VERBS),
    words,
    st.none() | days,
    st.sampled_from(RHYTHMS),
)
reference = st.builds(
    lambda kind, number, day, issuer, title, relation: {
        "kind": kind[0],
        "number": f"{number}/{kind[1]}",
        "issued_on": day.isoformat(),
        "issuer": issuer,
        "title": title,
        "relation": relation,
    },
    st.sampled_from([("Kế hoạch", "KH-TLĐ"), ("Hướng dẫn", "HD-LĐLĐ"), ("Chương trình", "CTr-LĐLĐ")]),
    st.integers(1, 400),
    st.dates(date(2020, 1, 1), date(2022, 1, 1)),
    st.none() | st.sampled_from(["Tổng Liên đoàn Lao động Việt Nam", "Liên đoàn Lao động tỉnh"]),
    st.none() | words,
    st.sampled_from(["basis", "implements"]),
)


@st.composite
def plans(draw):
    phases = draw(phases_of())
    issued_on = date(2022, 2, 15)
    named = draw(st.lists(reference, max_size=3, unique_by=lambda r: r["number"]))
    groups = draw(
        st.lists(
            st.tuples(st.sampled_from(BODIES), st.lists(duty, min_size=1, max_size=3)),
            max_size=4,
            unique_by=lambda g: g[0],
        )
    )
    audience = st.sampled_from(["all", "union_officers", "enterprise_workers", "agencies", "public_service", "women"])
    movement = st.fixed_dictionaries(
        {
            "name": words.map(lambda w: w[0].upper() + w[1:]),
            "kind": st.sampled_from(["programme", "movement", "drive"]),
            "audience": audience,
        }
    )
    return ReadPlan(
        number=draw(st.none() | st.integers(1, 999)),
        symbol=draw(st.sampled_from(["KH-LĐLĐ", "KH-CĐYT", "KH-CĐCS"])),
        issued_on=issued_on.isoformat(),
        place=draw(st.sampled_from(["Thái Bình", "Hà Nội", "Thành phố Hồ Chí Minh"])),
        issuer=draw(
            st.sampled_from(["Liên đoàn Lao động tỉnh Mẫu", "Công đoàn ngành Y tế Mẫu", "Công đoàn Công ty Mẫu"])
        ),
        title=draw(titles),
        year=2022,
        signer=draw(st.none() | st.sampled_from(["Nguyễn Thị Thu Hà", "Trần Văn Đông"])),
        signed_for=draw(st.sampled_from(["TM. BAN THƯỜNG VỤ CHỦ TỊCH", "TM. BAN CHẤP HÀNH KT. CHỦ TỊCH PHÓ CHỦ TỊCH"])),
        basis=[r for r in named if r["relation"] == "basis"],
        implements=[r for r in named if r["relation"] == "implements"],
        phases=phases,
        targets=draw(targets_of([p["name"] for p in phases])),
        movements=draw(st.lists(movement, max_size=6, unique_by=lambda m: m["name"])),
        duties=[{"who": who, **item} for who, items in groups for item in items],
        recipients=[{"text": t} for t in draw(st.lists(words, max_size=5))],
        aims=draw(st.lists(words.map(lambda w: f"{w[0].upper()}{w[1:]}."), max_size=3)),
    )


@pytest.mark.parametrize("kind", WRITERS)
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(plan=plans())
def test_any_plan_reads_back_as_it_was_written(plan, kind):
    assert shape(written(plan, kind)) == shape(plan)
