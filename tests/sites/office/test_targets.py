"""Giving, accepting and adjusting targets, by hand in the browser."""

from __future__ import annotations

import io
import re

import docx
import pytest
from django.urls import reverse

from tests.sites.office.test_plans import issued  # noqa: F401 - a fixture
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.programmes.models import Programme
from thidua.targets.models import Target


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


def test_a_column_is_filled_by_headcount_without_saving(cast, sign_in, programme, address):
    officer = sign_in(cast.giang)
    page = officer.get(address()).content.decode()
    assert foot(page, "Chỉ tiêu của đơn vị") == ["100", "150"]
    assert foot(page, "Chênh") == ["còn 100", "còn 150"]
    first, second = programme.phases.all()
    typed = cells(cast, programme, {}, {"TB-YT-01": "77"})
    answered = officer.post(address("targets-allocate"), {**typed, "fill": f"headcount:{first.pk}"})
    page = answered.content.decode()
    assert "Các số dưới đây chưa được lưu." in page
    for code, value in (("TB-YT-01", 67), ("TB-YT-02", 22), ("TB-YT-03", 11)):
        assert f'name="u{cast[code].pk}p{first.pk}" value="{value}"' in page
    assert f'name="u{cast["TB-YT-01"].pk}p{second.pk}" value="77"' in page, "what was typed elsewhere stays"
    assert not Target.objects.filter(given_by=cast["TB-YT"]).exists()


def test_giving_accepting_asking_and_answering(cast, sign_in, programme, address):
    officer, hospital = sign_in(cast.giang), sign_in(cast.binh)
    typed = cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "22", "TB-YT-03": "11"}, {"TB-YT-01": "1.000"})
    answered = officer.post(address("targets-allocate"), typed, follow=True)
    page = answered.content.decode()
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
    answered = sign_in(cast.giang).post(address("targets-allocate"), typed)
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
    page = officer.post(address("targets-allocate"), {"fill": "annex"}).content.decode()
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
    officer.post(address("targets-allocate"), cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "33"}))
    written = docx.Document(io.BytesIO(officer.get(address("targets-letter")).content))
    text = "\n".join(p.text for p in written.paragraphs)
    assert "Thực hiện Kế hoạch số 17/KH-CĐYT ngày 12/01/2022" in text
    rows = [[cell.text for cell in row.cells] for row in written.tables[-1].rows]
    assert rows[1][1:4] == ["CĐCS Bệnh viện Đa khoa tỉnh", "300", "67"]
    assert rows[-1][1:4] == ["Tổng cộng", "450", "100"]


def test_the_grid_page_costs_the_same_for_any_number_of_units(
    cast, sign_in, programme, address, django_assert_max_num_queries
):
    typed = cells(cast, programme, {"TB-YT-01": "67", "TB-YT-02": "22", "TB-YT-03": "11"})
    officer = sign_in(cast.giang)
    officer.post(address("targets-allocate"), typed)
    with django_assert_max_num_queries(22):
        officer.get(address())
