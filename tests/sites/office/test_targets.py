"""Giving, accepting and adjusting targets, by hand in the browser."""

from __future__ import annotations

import io
import re
from datetime import date

import docx
import pytest
from django.urls import reverse

from tests.cast import SYSTEM
from tests.sites.office.test_plans import issued  # noqa: F401 - a fixture
from thidua.kernel import installation
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.orgs.domain import changes
from thidua.orgs.domain.changes import Decision
from thidua.orgs.models import Headcount, Unit
from thidua.programmes.models import Programme
from thidua.targets.models import Issue, Sheet, Target

QUERIES = 25  # of the page with grid, own targets and history, for any number of units


@pytest.fixture
def programme(issued) -> Programme:  # noqa: F811
    readers.drain("targets")
    return issued.programmes.get(counts_initiatives=True)


@pytest.fixture
def address(programme):
    return lambda name="targets", unit="TB-YT": reverse(f"office:{name}", args=[programme.code, unit])


def cells(cast, programme, *columns: dict[str, str]) -> dict[str, str]:
    """The inputs of the grid: one dict a phase, unit code -> what is typed."""
    phases = list(programme.phases.all())
    return {
        f"u{cast[code].pk}p{phase.pk}": text
        for phase, column in zip(phases, columns, strict=False)
        for code, text in column.items()
    }


def foot(page: str, row: str) -> list[str]:
    line = re.search(rf"<th[^>]*>{row}[^<]*</th>(.*?)</tr>", page, re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", line[1], re.S)]


def press(client, address, do: str, typed: dict | None = None, **more: str):
    return client.post(address("targets-allocate"), {**(typed or {}), **more, "do": do}, follow=True)


def test_a_column_is_filled_by_headcount_without_giving_and_undone(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    page = officer.get(address()).content.decode()
    assert foot(page, "Chỉ tiêu của đơn vị") == ["100", "150"]
    assert foot(page, "Chênh") == ["còn 100", "còn 150"]
    first, second = programme.phases.all()
    typed = cells(cast, programme, {"TB-YT-01": "5"}, {"TB-YT-01": "77"})
    page = press(officer, address, f"fill:headcount:{first.pk}", typed).content.decode()
    assert "Bản nháp, chưa giao" in page
    for code, value in (("TB-YT-01", 67), ("TB-YT-02", 22), ("TB-YT-03", 11)):
        assert f'name="u{cast[code].pk}p{first.pk}" value="{value}"' in page
    assert f'name="u{cast["TB-YT-01"].pk}p{second.pk}" value="77"' in page, "what was typed elsewhere stays"
    assert not Target.objects.filter(given_by=cast["TB-YT"]).exists()
    page = press(officer, address, "undo").content.decode()
    assert f'name="u{cast["TB-YT-01"].pk}p{first.pk}" value="5"' in page
    page = press(officer, address, "undo").content.decode()
    assert f'name="u{cast["TB-YT-01"].pk}p{first.pk}" value="67"' in page, "an undone fill comes back"
    page = press(officer, address, "discard").content.decode()
    assert foot(page, "Chênh") == ["còn 100", "còn 150"]
    assert not Sheet.objects.exists()


def test_a_formula_and_a_paste_fill_columns_or_say_what_is_wrong(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    first, second = programme.phases.all()
    wanted = {"column": str(first.pk), "formula": "đoàn viên × 2 %, ít nhất 2"}
    page = press(officer, address, "fill:formula", **wanted).content.decode()
    assert [f'p{first.pk}" value="{n}"' in page for n in (6, 2)] == [True, True]
    page = press(officer, address, "fill:formula", fits="1", **wanted).content.decode()
    assert foot(page, "Giao")[0] == "100"
    answered = press(officer, address, "fill:formula", column="all", formula="đoàn viên × sao")
    assert answered.status_code == 422
    assert "Không đọc được công thức từ chỗ «sao»" in answered.content.decode()
    assert "đoàn viên × sao" in answered.content.decode()
    block = "Đơn vị\tGĐ1\tGĐ2\nCĐCS Bệnh viện Nhi\t20\t1.000\nTB-YT-03\t12\t\nTổng\t32\t1000"
    page = press(officer, address, "paste", block=block).content.decode()
    assert "Đã nhận số của 2 đơn vị" in page
    assert f'name="u{cast["TB-YT-02"].pk}p{second.pk}" value="1000"' in page
    answered = press(officer, address, "paste", block="x\ty\nBệnh viện Lạ\t5\nTB-YT-02\tnăm\nTB-YT-02\t5")
    page = answered.content.decode()
    assert answered.status_code == 422
    for words in (
        "Dòng 2: không có đơn vị «Bệnh viện Lạ»",
        "Dòng 3: «năm» không phải là số",
        "Dòng 4: «TB-YT-02» có hai lần",
    ):
        assert words in page
    assert "Bệnh viện Lạ\t5" in page
    answered = press(officer, address, "fill:last:all")
    assert "Chưa có kết quả kỳ trước" in answered.content.decode()


def test_a_second_giving_shows_what_changed_and_has_its_letter(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    press(officer, address, "give", cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "33"}))
    changed = cells(cast, programme, {"TB-YT-01": "60", "TB-YT-02": "33", "TB-YT-03": "7"})
    page = press(officer, address, "give", changed, reason="Chuyển một phần cho Vũ Thư").content.decode()
    assert "Đã giao chỉ tiêu cho 2 đơn vị." in page
    assert "Không có số nào thay đổi." in press(officer, address, "give", changed).content.decode()
    assert [i.number for i in Issue.objects.all()] == [2, 1]
    again = reverse("office:targets-issue", args=[programme.code, "TB-YT", 2])
    page = officer.get(again).content.decode()
    assert "Chuyển một phần cho Vũ Thư" in page
    written = docx.Document(io.BytesIO(officer.get(again + "?docx").content))
    rows = [[cell.text for cell in row.cells][1:] for row in written.tables[-1].rows]
    assert ["CĐCS Bệnh viện Đa khoa tỉnh", "Giai đoạn 1", "67", "60", "-7"] in rows
    assert ["CĐCS Trung tâm Y tế huyện Vũ Thư", "Giai đoạn 1", "–", "7", "+7"] in rows
    assert "điều chỉnh chỉ tiêu" in "\n".join(p.text for p in written.paragraphs)
    assert sign_in(cast.binh).get(again).status_code == 404
    assert officer.get(reverse("office:targets-issue", args=[programme.code, "TB-YT", 3])).status_code == 404


def test_less_than_a_unit_has_given_on_is_asked_twice(cast, sign_in, programme, address):
    province = sign_in(cast.phuc)
    top = reverse("office:targets", args=[programme.code, "TB-YT"])
    officer = sign_in(cast.giang)
    press(officer, address, "give", cells(cast, programme, {"TB-YT-01": "60"}))
    first = programme.phases.get(position=1)
    hospital = sign_in(cast.binh)
    inner = reverse("office:targets-allocate", args=[programme.code, "TB-YT-01"])
    hospital.post(inner, {f"u{cast['TB-YT-01-N'].pk}p{first.pk}": "50", "do": "give"})
    less = cells(cast, programme, {"TB-YT-01": "40"})
    answered = press(officer, address, "give", less)
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "đã giao 50 cho các đơn vị bên dưới, nhiều hơn 40" in page
    assert "Vẫn giao" in page
    assert 'value="40"' in page
    assert "Đã giao chỉ tiêu" in press(officer, address, "give", less, below_given="1").content.decode()
    assert province.get(top).status_code == 200


def test_a_unit_that_ended_keeps_no_number(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    press(officer, address, "give", cells(cast, programme, {"TB-YT-01": "60", "TB-YT-03": "40"}))
    changes.dissolve(cast["TB-YT-03"], decision=Decision(date(2022, 5, 1)), by=SYSTEM)
    page = officer.get(address()).content.decode()
    assert "nay không còn trực thuộc hoặc đã kết thúc" in page
    press(officer, address, "give", cells(cast, programme, {"TB-YT-01": "100"}))
    assert not Target.objects.filter(unit=cast["TB-YT-03"]).exists()
    assert foot(officer.get(address()).content.decode(), "Chênh")[0] == "khớp"


def test_giving_accepting_asking_and_answering(cast, sign_in, programme, address):
    officer, hospital = sign_in(cast.giang), sign_in(cast.binh)
    typed = cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "22", "TB-YT-03": "11"}, {"TB-YT-01": "1.000"})
    page = press(officer, address, "give", typed).content.decode()
    assert "Đã giao chỉ tiêu cho 3 đơn vị." in page
    assert foot(page, "Giao") == ["100", "1.000"]
    assert foot(page, "Chênh") == ["khớp", "vượt 850"]
    assert Notice.objects.filter(person=cast.binh, kind="targets.given").count() == 1, "one notice for both phases"
    own = Target.objects.get(unit=cast["TB-YT-01"], phase__position=1)
    mine = address(unit="TB-YT-01")
    assert "Nhận tất cả chỉ tiêu" in hospital.get(mine).content.decode()
    asked = {"step": "ask", "target": own.pk, "value": "50", "reason": "Đơn vị đang dồn sức chống dịch."}
    hospital.post(address("targets-respond", "TB-YT-01"), asked)
    page = officer.get(address()).content.decode()
    assert "xin điều chỉnh" in page
    assert "Đơn vị đang dồn sức chống dịch." in page
    officer.post(address("targets-settle"), {"step": "grant", "target": own.pk})
    own.refresh_from_db()
    assert (own.value, own.state) == (50, "accepted")
    hospital.post(address("targets-respond", "TB-YT-01"), {"step": "aim", "target": own.pk, "value": "60"})
    hospital.post(address("targets-respond", "TB-YT-01"), {"step": "accept-all"})
    own.refresh_from_db()
    assert own.ambition == 60
    assert not Target.objects.filter(unit=cast["TB-YT-01"], state="given").exists()
    assert "phấn đấu 60" in officer.get(address()).content.decode()


@pytest.mark.parametrize(
    ("text", "words"), [("mười", "không phải là số"), ("-3", "không thể âm"), ("2,5", "số nguyên")]
)
def test_bad_numbers_name_the_unit_and_keep_what_was_typed(cast, sign_in, programme, address, text, words):
    typed = cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": text})
    answered = press(sign_in(cast.giang), address, "give", typed)
    page = answered.content.decode()
    assert answered.status_code == 422
    assert re.search(rf"{cast['TB-YT-02'].short_name}[^<]*{words}", page)
    assert f'value="{text}"' in page
    assert 'value="67"' in page
    assert not Target.objects.filter(given_by=cast["TB-YT"]).exists()


def test_who_may_look_and_who_may_give(cast, sign_in, programme, address):
    assert sign_in(cast.phuc).get(address()).status_code == 200
    assert "data-column" not in sign_in(cast.phuc).get(address()).content.decode(), "the level above only reads"
    assert sign_in(cast.phuc).post(address("targets-allocate"), {}).status_code == 403
    assert sign_in(cast.binh).get(address()).status_code == 404
    assert sign_in(cast.lan).get(address(unit="TB-YT-01")).status_code == 404
    assert sign_in(cast.khoa).get(address(unit="NT-KCN-01")).status_code == 404
    assert sign_in(cast.an).post(address("targets-respond", "TB-YT-01-N"), {}).status_code == 403
    assert sign_in(cast.giang).post(address("targets-settle"), {"target": "9"}).status_code == 404


def test_the_annex_of_the_plan_fills_the_grid(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    assert "Lấy số từ phụ lục" not in officer.get(address()).content.decode()
    plan = programme.plan
    line = {"indicator": "initiatives", "phase": "Giai đoạn 2"}
    plan.reading["targets"] += [
        {**line, "value": 90, "unit_name": "Công đoàn cơ sở Bệnh viện đa khoa tỉnh"},
        {**line, "value": 60, "unit_name": "CĐCS Bệnh viện Nhi"},
        {**line, "value": 5, "unit_name": "Công ty khác"},
    ]
    plan.save()
    assert "Lấy số từ phụ lục" in officer.get(address()).content.decode()
    page = press(officer, address, "annex").content.decode()
    second = programme.phases.get(position=2)
    for code, value in (("TB-YT-01", 90), ("TB-YT-02", 60)):
        assert f'name="u{cast[code].pk}p{second.pk}" value="{value}"' in page
    assert 'value="5"' not in page
    assert not Target.objects.filter(given_by=cast["TB-YT"]).exists()


def test_a_rate_is_handed_down(cast, sign_in, programme, address):
    rate = Target.objects.get(unit=cast["TB-YT"], amount="percent")
    answered = sign_in(cast.giang).post(address("targets-rate"), {"target": rate.pk}, follow=True)
    assert "Đã giao tỷ lệ cho 3 đơn vị." in answered.content.decode()
    assert Target.objects.filter(amount="percent", value=10, given_by=cast["TB-YT"]).count() == 3


def test_the_letter_has_the_table(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    press(officer, address, "give", cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "33"}))
    written = docx.Document(io.BytesIO(officer.get(address("targets-letter")).content))
    text = "\n".join(p.text for p in written.paragraphs)
    assert "Thực hiện Kế hoạch số 17/KH-CĐYT ngày 12/01/2022" in text
    rows = [[cell.text for cell in row.cells] for row in written.tables[-1].rows]
    assert rows[1][1:4] == ["CĐCS Bệnh viện Đa khoa tỉnh", "300", "67"]
    assert rows[-1][1:4] == ["Tổng cộng", "450", "100"]


def test_the_grid_page_costs_the_same_for_any_number_of_units(
    cast, sign_in, programme, address, django_assert_num_queries
):
    typed = cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "22", "TB-YT-03": "11"})
    officer = sign_in(cast.giang)
    press(officer, address, "give", typed)
    with django_assert_num_queries(QUERIES):
        officer.get(address())


def test_two_thousand_units_stay_usable(cast, sign_in, programme, address, django_assert_num_queries, monkeypatch):
    """A page of a hundred, totals of all, the same queries; filled, given and asked for by name."""
    monkeypatch.setattr(installation, "REMEMBERED_FOR", 10**6)
    parent, kind = cast["TB-YT"], cast["TB-YT-01"].kind
    last = parent.rgt
    Unit.objects.bulk_create(
        [
            Unit(
                code=f"NHIEU-{n}",
                name=f"CĐCS Trạm {n:04}",
                short_name=f"CĐCS Trạm {n:04}",
                sort_key=f"tram {n:04}",
                search=f"cdcs tram {n:04} nhieu-{n}",
                kind=kind,
                parent=parent,
                lft=last,
                rgt=last,
                depth=4,
                established_on=date(2015, 1, 1),
            )
            for n in range(1997)
        ]
    )
    units = list(Unit.objects.filter(parent=parent))
    Headcount.objects.bulk_create(
        [Headcount(unit=u, on=date(2022, 1, 1), members=20) for u in units if u.code.startswith("NHIEU")]
    )
    Target.objects.filter(unit=parent, phase__isnull=False).update(value=30_000)
    officer = sign_in(cast.giang)
    page = press(officer, address, "fill:headcount:all").content.decode()
    assert foot(page, "Giao") == ["30.000", "30.000"]
    assert foot(page, "Chênh") == ["khớp", "khớp"]
    assert page.count("data-column") == 200
    page = press(officer, address, "give").content.decode()
    assert "Đã giao chỉ tiêu cho 2000 đơn vị." in page
    assert Target.objects.filter(given_by=parent).count() == 4000
    with django_assert_num_queries(QUERIES):
        page = officer.get(address()).content.decode()
    assert "Chờ nhận (2.000)" in page
    page = officer.get(address(), {"q": "tram 1234"}).content.decode()
    assert page.count("data-column") == 2
    written = docx.Document(io.BytesIO(officer.get(address("targets-letter")).content))
    assert len(written.tables[-1].rows) == 2002
