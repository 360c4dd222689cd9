"""What the office adds to a dossier: the benefit it confirms, the exclusions; nothing typed is lost."""

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import REASON, filed
from tests.initiatives.test_reception import received
from tests.sites.member.test_pages import page_of
from thidua.initiatives import queries
from thidua.initiatives.domain import benefits, recognitions
from thidua.initiatives.domain import dossiers as verbs
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.ledger import presenters
from thidua.notify.models import Notice


def test_what_is_typed_wrongly_stays_with_its_sentence(cast, sign_in):
    item, binh = received(cast), sign_in(cast.binh)
    page = binh.post(reverse("office:dossier-benefit", args=[item.code]), {"amount": "hai chục triệu"})
    assert page.status_code == 422
    assert 'value="hai chục triệu"' in page.content.decode()
    assert 'aria-describedby="amount-fault"' in page.content.decode()
    sent = {"is_ip_protected": "on", "duplicate_of": "SK-KHONGCO"}
    page = binh.post(reverse("office:dossier-flags", args=[item.code]), sent)
    assert (page.status_code, page.context["marks"]["duplicate_of"]) == (422, "SK-KHONGCO")
    assert "Không thấy hồ sơ SK-KHONGCO" in page.content.decode()
    item.refresh_from_db()
    assert not item.is_ip_protected  # all or nothing


def test_the_amount_the_author_states_is_offered_and_everybody_is_told_when_it_is_confirmed(cast, sign_in):
    item, binh = received(cast), sign_in(cast.binh)
    asked = benefits.ask_first_user(item, cast.dung, by=cast.binh)
    benefits.answer_first_use(asked, by=cast.dung, benefit="money", amount=20_000_000, opinion="Đỡ đi lại nhiều.")
    words = page_of(binh, "office:dossier", item.code)
    assert 'value="24.000.000"' in words
    assert "người áp dụng lần đầu: 20.000.000 đồng" in words
    binh.post(reverse("office:dossier-benefit", args=[item.code]), {"amount": "22.000.000"})
    last = presenters.sentence(queries.history_of(item)[-1])
    assert last == "đã xác nhận giá trị làm lợi: 22.000.000 đồng"
    told = Notice.objects.filter(person=cast.an).latest("pk").headline
    assert told.startswith("Giá trị làm lợi được xác nhận 22.000.000 đồng mỗi năm")
    type(asked).objects.update(person=cast.binh)
    with pytest.raises(Refused, match="Bạn là người áp dụng lần đầu"):
        verbs.confirm_benefit(item, 1, by=cast.binh)
    with pytest.raises(Forbidden):
        verbs.confirm_benefit(item, 1, by=cast.an)


def test_what_ended_without_recognition_is_not_marked_any_more(cast, sign_in):
    item, chi = received(cast), sign_in(cast.chi)
    assert "Xác nhận giá trị làm lợi" in page_of(chi, "office:dossier", item.code)
    recognitions.refuse(item, by=cast.chi, reason=REASON)
    assert "Xác nhận giá trị làm lợi" not in page_of(chi, "office:dossier", item.code)


def test_the_author_is_told_by_which_decision(cast):
    item = received(cast)
    recognitions.recognise(item, by=cast.chi, decision_number="12/QĐ-BV", decided_on=item.received_on)
    notice = Notice.objects.filter(person=cast.an).latest("pk")
    assert notice.body.startswith("Quyết định số 12/QĐ-BV ngày 20/05/2022 của CĐCS Bệnh viện Đa khoa tỉnh")


def test_the_same_thing_done_again_and_again_is_one_line_of_the_timeline(cast, sign_in):
    item = filed(cast)
    for place in ("Khoa Nội", "Khoa Ngoại", "Khoa Sản"):
        item.refresh_from_db()
        verbs.write(item, by=cast.binh, revision=item.revision, applied_where=place)
    words = page_of(sign_in(cast.binh), "office:dossier", item.code)
    assert words.count("đã sửa hồ sơ") == 1
    assert "(3 lần)" in words
