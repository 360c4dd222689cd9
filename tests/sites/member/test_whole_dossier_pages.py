"""The screens of the full dossier: people, first user, evidence, versions, shares not agreed."""

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import IDEA, REASON, WHOLE, filed
from tests.sites.member.test_pages import page_of, photo
from thidua.initiatives.domain import benefits, dossiers, reception
from thidua.initiatives.models import FirstUse


@pytest.fixture
def an(cast, sign_in):
    return sign_in(cast.an)


@pytest.fixture
def draft(cast):
    return dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE})


def people_form(draft, **more):
    key = f"a{draft.authorships.get().pk}"
    return {"rows": "0", f"{key}-born_on": "1990-03-05", f"{key}-workplace": "Khoa Nội", **more}


def test_people_are_added_written_and_dropped(an, draft):
    address = reverse("member:people", args=[draft.code])
    assert 'name="p0-name"' in an.post(address, people_form(draft, add="1")).content.decode()
    rows = {"rows": "2", "p0-name": "Lê Hàn", "p0-work": "Hàn khung", "p1-name": "Vũ Dán", "p1-work": "Dán nhãn"}
    words = an.post(address, {**people_form(draft), **rows, "drop": "0"}).content.decode()
    assert "Vũ Dán" in words
    assert "Lê Hàn" not in words
    assert not draft.participants.exists()  # only «save» writes
    an.post(address, {**people_form(draft), **rows, "save": "next"})
    assert [p.name for p in draft.participants.all()] == ["Lê Hàn", "Vũ Dán"]
    assert draft.authorships.get().workplace == "Khoa Nội"
    assert "Hàn khung" in page_of(an, "member:initiative", draft.code)
    assert 'value="1990-03-05"' in page_of(an, "member:people", draft.code)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rows": "1", "p0-name": "Lê Hàn"}, "cần họ tên và nội dung"),
        ({"rows": "1", "p0-name": "Lê Hàn", "p0-work": "Hàn", "p0-born_on": "32/13/1990"}, "Lê Hàn: Ngày không đúng"),
        ({"rows": "x"}, ""),
    ],
)
def test_a_fault_among_the_people_keeps_what_was_typed(an, draft, typed, sentence):
    answer = an.post(reverse("member:people", args=[draft.code]), {**people_form(draft), **typed, "save": "next"})
    if sentence:
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "Lê Hàn" in answer.content.decode()
    else:
        assert answer.status_code == 302


def test_the_first_user_is_found_asked_and_answers(cast, an, sign_in, draft):
    words = an.post(reverse("member:people", args=[draft.code]), {"q": "dung"}).content.decode()
    assert cast.dung.full_name in words
    an.post(reverse("member:ask-first-user", args=[draft.code]), {"person": str(cast.dung.pk)})
    dung, page = sign_in(cast.dung), reverse("member:first-use", args=[draft.code])
    assert page in page_of(dung, "member:home")
    assert IDEA["title"] in dung.get(page).content.decode()
    answer = dung.post(page, {"benefit": "money", "opinion": "Đỡ đi lại nhiều lần."})
    assert answer.status_code == 422
    assert "Hãy ghi số tiền làm lợi" in answer.content.decode()
    dung.post(page, {"benefit": "money", "amount": "20.000.000", "opinion": "Đỡ đi lại nhiều lần."})
    assert "20.000.000" in page_of(an, "member:initiative", draft.code)
    assert FirstUse.objects.get().amount == 20_000_000
    assert "Cảm ơn" in dung.get(page).content.decode()
    assert page not in page_of(dung, "member:home")
    assert sign_in(cast.lan).get(page).status_code == 404


def test_looking_for_a_first_user_empties_no_table(an, draft):
    address = reverse("member:people", args=[draft.code])
    rows = {"rows": "1", "p0-name": "Lê Hàn", "p0-work": "Hàn khung"}
    an.post(address, {**people_form(draft), **rows, "save": "stop"})
    words = an.post(address, {"q": "dung"}).content.decode()
    assert 'value="Lê Hàn"' in words
    assert 'value="Khoa Nội"' in words


def test_the_calculator_says_what_it_made_of_the_numbers(an, draft):
    numbers = {"benefit_before": "50.000", "benefit_after": "20.000", "benefit_volume": "1.000"}
    typed = {"revision": draft.revision, "effect": "Đỡ đi lại", "benefit": "unknown", "benefit_months": "12", **numbers}
    answer = an.post(reverse("member:write", args=[draft.code, "hieu-qua"]), typed, follow=True)
    assert "30.000.000 đồng mỗi năm" in answer.content.decode()


def test_a_draft_is_thrown_away_not_withdrawn(an, draft):
    words = page_of(an, "member:initiative", draft.code)
    assert "Bỏ bản nháp" in words
    assert "Rút hồ sơ" not in words
    answer = an.post(reverse("member:step", args=[draft.code]), {"step": "withdraw"}, follow=True)
    assert "Đã bỏ bản nháp." in answer.content.decode()
    assert "Nếu được công nhận sẽ được tính vào" not in answer.content.decode()


def test_only_somebody_of_the_union_can_be_asked(cast, an, draft):
    address = reverse("member:ask-first-user", args=[draft.code])
    for person in (str(cast.khoa.pk), "x", "9" * 30):
        assert an.post(address, {"person": person}).status_code == 404
    an.post(address, {"person": str(cast.an.pk)}, follow=True)
    assert not FirstUse.objects.exists()


def test_the_notice_leads_the_first_user_to_the_page(cast, sign_in, draft):
    from thidua.notify.models import Notice

    benefits.ask_first_user(draft, cast.dung, by=cast.an)
    notice = Notice.objects.get(person=cast.dung, kind="initiatives.first_use.asked")
    answer = sign_in(cast.dung).post(reverse("shell:notice", args=[notice.pk]), follow=True)
    assert answer.status_code == 200
    assert "người áp dụng lần đầu" in answer.content.decode()


def test_a_co_author_says_no_and_the_lead_author_mends(cast, an, sign_in, draft):
    dossiers.share_out(draft, [(cast.an, 90), (cast.dung, 10)], by=cast.an)
    dung = sign_in(cast.dung)
    assert "Chưa đúng" in page_of(dung, "member:initiative", draft.code)
    dung.post(reverse("member:object-to-share", args=[draft.code]), {"reason": "Tôi làm một nửa phần khung xe."})
    words = page_of(an, "member:initiative", draft.code)
    assert "Tôi làm một nửa phần khung xe." in words
    assert "Sửa tỷ lệ đóng góp" in words
    assert "Tôi làm một nửa" in page_of(an, "member:authors", draft.code)


def test_a_file_says_what_it_proves(an, draft):
    assert "Xác nhận của người, đơn vị áp dụng lần đầu" in page_of(an, "member:write", draft.code, "hieu-qua")
    an.post(reverse("member:attach", args=[draft.code]), {"kind": "first-use", "file": photo()})
    assert draft.attachments.get().kind == "first-use"
    assert an.post(reverse("member:attach", args=[draft.code]), {"kind": "x", "file": photo()}).status_code == 404


def test_versions_are_compared_side_by_side(cast, an):
    item = filed(cast)
    reception.send_back(item, by=cast.binh, reason=REASON)
    dossiers.write(item, by=cast.an, revision=item.revision, effect="Bớt đi lại hẳn, không còn nhầm giường.")
    words = page_of(an, "member:versions", item.code)
    assert "<ins> hẳn,</ins>" in words or "hẳn" in words.partition("<ins>")[2]
    dossiers.submit(item, by=cast.an)
    assert "<ins>" in page_of(an, "member:versions", item.code, cu="1", moi="2")
    for wrong in ({"cu": "9"}, {"moi": "x"}):
        assert an.get(reverse("member:versions", args=[item.code]), wrong).status_code == 404


def test_sealing_and_the_warning_before_publishing(an, draft):
    words = page_of(an, "member:write", draft.code, "cong-nhan")
    assert "mất tính mới" in words
    typed = {"revision": draft.revision, "disclosure": "internal", "sealed": ["solution", "files"], "act": "stop"}
    an.post(reverse("member:write", args=[draft.code, "cong-nhan"]), typed)
    draft.refresh_from_db()
    assert draft.sealed == ["solution", "files"]
    assert "Đã làm khác đi, Ảnh và tài liệu" in page_of(an, "member:initiative", draft.code)
