"""Reporting results by hand and confirming them, in the browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thidua.programmes.models import Indicator
from thidua.tallies import queries
from thidua.tallies.choices import Measure
from thidua.tallies.models import Declaration
from thidua.targets.models import Target

PDF = b"%PDF-1.4 bien ban doi thoai"
TYPED = {
    "what": "dialogues_held|",
    "value": "1.200",
    "on": "2022-03-04",
    "content": "Đối thoại định kỳ quý I",
    "paper": "12/BB-CĐCS",
}


@pytest.fixture
def place(programme):
    return lambda name="declarations", unit="TB-YT-01": reverse(f"office:{name}", args=[programme.code, unit])


@pytest.fixture
def item(cast, sign_in, place) -> Declaration:
    proof = SimpleUploadedFile("bien-ban.pdf", PDF)
    answered = sign_in(cast.binh).post(place("declaration-new"), {**TYPED, "evidence": [proof]}, follow=True)
    assert "chờ cấp trên xác nhận" in answered.content.decode()
    return Declaration.objects.get()


def address(item, name="declaration"):
    return reverse(f"office:{name}", args=[item.programme.code, item.pk])


def test_reported_with_evidence_returned_mended_and_confirmed(cast, sign_in, programme, place, item):
    unit, upper = sign_in(cast.binh), sign_in(cast.giang)
    page = upper.get(place(unit="TB-YT")).content.decode()
    assert "Chờ xác nhận" in page
    assert "Đối thoại định kỳ quý I" in page
    proof = reverse("office:file", args=[item.evidence.get().pk])
    assert proof in upper.get(address(item)).content.decode()
    assert b"".join(upper.get(proof).streaming_content) == PDF
    assert sign_in(cast.lan).get(proof).status_code == 404
    why = "Biên bản chỉ ghi hai cuộc đối thoại."
    upper.post(address(item, "declaration-step"), {"step": "return", "reason": why})
    assert why in unit.get(address(item, "declaration-correct")).content.decode()
    unit.post(address(item, "declaration-correct"), {**TYPED, "value": "2"})
    upper.post(place("declarations-confirm", "TB-YT"), {"item": [item.pk]})
    item.refresh_from_db()
    assert (item.state, item.booked) == ("confirmed", 2)
    assert queries.figure(programme, cast["TB"], Measure.REPORTED, bucket="dialogues_held") == 2
    page = sign_in(cast.phuc).get(place(unit="TB-YT") + "?key=dialogues_held&phase=1").content.decode()
    assert "Đã xác nhận" in page


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("value", "nhiều", "số nguyên"),
        ("value", "-2", "từ 0 trở lên"),
        ("on", "2022-05-30", "sau hôm nay"),
        ("content", "", "bắt buộc"),
        ("what", "", "bắt buộc"),
    ],
)
def test_what_was_typed_stays_with_the_sentence_at_the_field(cast, sign_in, place, field, text, words):
    answered = sign_in(cast.binh).post(place("declaration-new"), {**TYPED, field: text})
    page = answered.content.decode()
    assert answered.status_code == 422
    assert words in page
    if field != "paper":
        assert "12/BB-CĐCS" in page
    assert not Declaration.objects.exists()


def test_the_same_paper_twice_is_refused_at_its_field(cast, sign_in, place, item):
    answered = sign_in(cast.chi).post(place("declaration-new"), TYPED)
    assert answered.status_code == 422
    assert "đã được kê khai ngày 04/03/2022" in answered.content.decode()


def test_the_other_targets_of_a_unit_are_offered_by_their_words(cast, sign_in, programme, place):
    for label in ("Tủ sách công đoàn", "Bữa ăn ca đủ chất"):
        Target.objects.create(
            programme=programme,
            indicator=Indicator.objects.get(code="other"),
            label=label,
            unit=cast["TB-YT"],
            state="own",
            value=10,
        )
    unit = sign_in(cast.binh)
    page = unit.get(place("declaration-new")).content.decode()
    assert 'value="other|Tủ sách công đoàn"' in page
    assert 'value="initiatives|"' not in page
    unit.post(place("declaration-new"), {**TYPED, "what": "other|Tủ sách công đoàn"})
    assert Declaration.objects.get().label == "Tủ sách công đoàn"
    shown = sign_in(cast.giang).get(place(unit="TB-YT")).content.decode()
    assert "Bữa ăn ca đủ chất" in shown
    assert "1.200 chờ xác nhận" in shown


def test_who_may_look_report_and_confirm(cast, sign_in, place, item):
    assert sign_in(cast.lan).get(place()).status_code == 404
    assert sign_in(cast.lan).get(address(item)).status_code == 404
    assert sign_in(cast.minh).get(place("declaration-new")).status_code == 403
    assert sign_in(cast.phuc).get(place("declaration-new")).status_code == 403
    assert sign_in(cast.binh).post(address(item, "declaration-step"), {"step": "confirm"}).status_code == 403
    assert sign_in(cast.hanh).get(place("declaration-new")).status_code == 200, "in the stead of the unit"
    assert sign_in(cast.binh).post(address(item, "declaration-step"), {"step": "fly"}).status_code == 404


def test_the_list_costs_the_same_for_any_number_of_rows(cast, sign_in, place, item, django_assert_num_queries):
    upper = sign_in(cast.giang)
    with django_assert_num_queries(15):
        upper.get(place(unit="TB-YT"))
    for number in range(8):
        typed = {**TYPED, "paper": f"{number}/BB"}
        sign_in(cast.lan).post(place("declaration-new", "TB-YT-02"), typed)
    with django_assert_num_queries(15):
        upper.get(place(unit="TB-YT"))
