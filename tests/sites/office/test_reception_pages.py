"""Pages of the office's work: filters and order, bulk with each row's outcome, split view, stale tabs, settings."""

from datetime import date

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import REASON, filed, recognised
from tests.initiatives.test_reception import GROUNDS, passed_up, received
from tests.sites.member.test_pages import page_of
from thidua.awards.models import Certificate
from thidua.initiatives import rules
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers, reception, scopes
from thidua.initiatives.models import CannedReason, Initiative, Recognition, ScopeProposal
from thidua.kernel import clock


def rows(client, **query):
    answer = client.get(reverse("office:initiatives"), query)
    return [item.code for item, _standing in answer.context["rows"]]


def test_the_nearest_deadline_comes_first_where_work_waits(cast, sign_in):
    late = received(cast)
    with clock.at(date(2022, 5, 10)):
        early = filed(cast)
    binh = sign_in(cast.binh)
    assert rows(binh, order="han") == [early.code, late.code]
    assert rows(binh, order="moi") == [late.code, early.code]
    assert rows(binh, state="qua-han") == [early.code]
    assert rows(binh, state="submitted", kind="technical") == [early.code]
    assert rows(binh, kind="managerial") == []
    assert rows(binh, channel="on_behalf") == []


def test_pages_by_deadline_meet_without_gap(cast, sign_in):
    codes = {filed(cast).code for _n in range(22)} | {recognised(cast).code}
    binh, seen, cursor = sign_in(cast.binh), [], ""
    for _n in range(2):
        answer = binh.get(reverse("office:initiatives"), {"cursor": cursor, "order": "han"})
        seen += [item.code for item, _s in answer.context["rows"]]
        cursor = answer.context["page"].next
    assert (set(seen), len(seen), cursor) == (codes, 23, "")


def test_passing_up_names_the_unit_on_the_button_in_the_answer_and_on_the_timeline(cast, sign_in):
    item, binh, above = received(cast), sign_in(cast.binh), cast["TB-YT"].short_name
    page = page_of(binh, "office:dossier", item.code)
    assert page.count(f"Chuyển lên {above}") == 2  # what opens the reason, and what sends it
    assert "Chuyển cấp trên" not in page
    assert f"Chuyển lên {above}" in page_of(binh, "office:initiatives", state="received")
    step = reverse("office:dossier-step", args=[item.code])
    done = binh.post(step, {"step": "pass_up", "reason": REASON}, follow=True).content.decode()
    assert f"Đã chuyển lên {above} quyết định." in done
    assert f"đã chuyển hồ sơ lên {above} quyết định" in done
    assert f"<dt>Đang ở</dt><dd>{above} quyết định</dd>" in done


def test_how_long_a_reason_must_be_comes_from_the_rule_pack(cast, sign_in, monkeypatch):
    """One number for the label, for the browser and for the check."""
    longer = {**rules.limits(), "return_reason_min_characters": 70}
    monkeypatch.setattr("thidua.initiatives.workflow.limits", lambda: longer)
    item, binh = received(cast), sign_in(cast.binh)
    for page in (page_of(binh, "office:dossier", item.code), page_of(binh, "office:initiatives", state="received")):
        assert "Lý do (ít nhất 70 ký tự)" in page
        assert 'minlength="70"' in page
    short = "Hãy bổ sung ảnh trước và sau khi áp dụng."
    step = reverse("office:dossier-step", args=[item.code])
    refused = binh.post(step, {"step": "send_back", "reason": short})
    assert refused.status_code == 422
    assert "ít nhất 70 ký tự, để người nhận hiểu" in refused.content.decode()
    assert short in refused.content.decode()


def test_what_was_passed_up_is_in_the_inbox_above(cast, sign_in):
    item = passed_up(cast)
    words = page_of(sign_in(cast.hanh), "office:initiatives", state="passed_up")
    assert item.title in words
    assert "Cấp dưới chuyển lên (1)" in words


def test_each_row_of_a_bulk_step_is_told(cast, sign_in):
    good, gone = received(cast), received(cast)
    dossiers.withdraw(gone, by=cast.an)
    binh = sign_in(cast.binh)
    sent = {"step": "send_back", "reason": REASON, "code": [good.code, gone.code]}
    words = binh.post(reverse("office:dossiers-bulk"), sent, follow=True).content.decode()
    assert "Đã trả lại 1 hồ sơ." in words
    assert good.code in words
    assert "khi hồ sơ đang ở bước «Đã rút»" in words
    assert REASON in words  # what was typed is still there to be copied


def test_a_bulk_step_without_its_reason_is_tried_again_where_it_is_told(cast, sign_in):
    items, binh = [received(cast), received(cast)], sign_in(cast.binh)
    sent = {"step": "send_back", "reason": "ngắn", "code": [i.code for i in items]}
    page = binh.post(reverse("office:dossiers-bulk"), sent, follow=True)
    assert "ít nhất 20 ký tự" in page.content.decode()
    assert page.context["again"] == "Trả lại các hồ sơ này"
    binh.post(reverse("office:dossiers-bulk"), {**sent, "reason": REASON})
    assert {i.state for i in Initiative.objects.all()} == {State.RETURNED}


def test_a_row_that_changed_under_the_list_is_left_alone(cast, sign_in):
    item = filed(cast)
    seen = f"{item.code}:submitted.{item.revision}"
    dossiers.write(item, by=cast.binh, revision=item.revision, applied_where="Khoa Nội")
    sent = {"step": "receive", "code": [item.code], "seen": [seen]}
    words = sign_in(cast.binh).post(reverse("office:dossiers-bulk"), sent, follow=True).content.decode()
    assert "đã thay đổi sau khi bạn mở trang" in words
    assert Initiative.objects.get().state == State.SUBMITTED


def test_many_are_recognised_by_one_decision(cast, sign_in):
    items = [received(cast), received(cast)]
    chi, codes = sign_in(cast.chi), {"code": [i.code for i in items]}
    address = reverse("office:dossiers-decide")
    asked = chi.post(address, codes)
    assert items[1].title in asked.content.decode()
    wrong = chi.post(address, {**codes, "save": "1", "decided_on": "2030-01-01", "body": "head"})
    assert wrong.status_code == 422
    assert "nằm trong tương lai" in wrong.content.decode()
    done = chi.post(address, {**codes, "save": "1", "decided_on": "2022-05-20", "body": "council"}, follow=True)
    assert "Đã công nhận 2 sáng kiến." in done.content.decode()
    assert {r.decision_number for r in Recognition.objects.all()} == {"01/QĐ-CĐCS"}
    assert "In giấy chứng nhận cả quyết định" in done.content.decode()
    paper = Recognition.objects.first().pk
    sheets = chi.post(reverse("office:decision-certify", args=[paper]))
    assert sheets.content.startswith(b"%PDF")
    assert Certificate.objects.count() == 2
    assert sign_in(cast.lan).post(reverse("office:decision-certify", args=[paper])).status_code == 404
    assert sign_in(cast.binh).post(address, codes).status_code == 403


def test_split_view_goes_on_to_the_next_dossier(cast, sign_in):
    first, second = received(cast), received(cast, title="Giá treo bình ô-xy gấp gọn được")
    chi = sign_in(cast.chi)
    words = page_of(chi, "office:dossier-recognise", first.code)
    assert first.solution in words  # the dossier stands beside the decision
    assert second.code in words
    sent = {"decision_number": "", "decided_on": "2022-05-20", "body": "head", "onward": "1"}
    answer = chi.post(reverse("office:dossier-recognise", args=[first.code]), sent)
    assert answer.headers["Location"] == reverse("office:dossier-recognise", args=[second.code])
    assert first.recognitions.get().paper is not None


def test_a_stale_tab_is_told_and_keeps_what_was_typed(cast, sign_in):
    item = filed(cast)
    seen = f"submitted.{item.revision}"
    reception.receive(item, by=cast.chi)
    address = reverse("office:dossier-step", args=[item.code])
    answer = sign_in(cast.binh).post(address, {"step": "send_back", "reason": REASON, "seen": seen})
    assert answer.status_code == 409
    assert REASON in answer.content.decode()
    assert Initiative.objects.get().state == State.RECEIVED


def test_a_double_click_is_one_act_and_no_fault(cast, sign_in):
    item = filed(cast)
    address, binh = reverse("office:dossier-step", args=[item.code]), sign_in(cast.binh)
    for _n in range(2):
        answer = binh.post(address, {"step": "receive", "seen": f"submitted.{item.revision}"})
        assert answer.status_code == 302
    assert Initiative.objects.get().state == State.RECEIVED
    other = sign_in(cast.chi).post(address, {"step": "receive", "seen": f"submitted.{item.revision}"})
    assert other.status_code == 409


def test_undo_is_offered_while_nothing_rests_on_it(cast, sign_in):
    item = filed(cast)
    reception.receive(item, by=cast.binh)
    binh = sign_in(cast.binh)
    assert "Hoàn tác bước vừa làm" in page_of(binh, "office:dossier", item.code)
    answer = binh.post(reverse("office:dossier-step", args=[item.code]), {"step": "undo"}, follow=True)
    assert "hồ sơ về lại «Chờ tiếp nhận»" in answer.content.decode()
    assert "Hoàn tác bước vừa làm" not in page_of(binh, "office:dossier", item.code)


def test_a_wider_scope_from_the_dossier_to_the_province(cast, sign_in):
    item = recognised(cast)
    chi, son = sign_in(cast.chi), sign_in(cast.son)
    address = reverse("office:dossier-scope", args=[item.code])
    short = chi.post(address, {"unit": "TB", "grounds": "Rất tốt cho bệnh viện"[:15]})
    assert short.status_code == 422
    assert "Rất tốt cho" in short.content.decode()
    chi.post(address, {"unit": "TB", "grounds": GROUNDS})
    proposal = ScopeProposal.objects.get()
    assert "sáng kiến chờ xét phạm vi" in page_of(son, "office:todo")
    assert item.title in page_of(son, "office:scope-proposals")
    page = reverse("office:scope-proposal", args=[proposal.pk])
    assert "hệ thống lấy số trong sổ" in son.get(page).content.decode()
    assert GROUNDS in son.get(page).content.decode()
    refused = son.post(page, {"step": "return_scope", "reason": "thiếu"})
    assert (refused.status_code, "ít nhất 20 ký tự" in refused.content.decode()) == (422, True)
    sent = {"step": "recognise_scope", "decision_number": "", "decided_on": "2022-05-20", "body": "council"}
    assert son.post(page, sent).status_code == 302
    wide = item.recognitions.get(scope="province")
    shown = page_of(chi, "office:dossier", item.code)
    assert wide.decision_number in shown
    assert "đã đề nghị công nhận phạm vi ảnh hưởng" in shown  # one timeline
    assert sign_in(cast.lan).get(page).status_code == 404
    gone = son.post(reverse("office:dossier-revoke", args=[item.code, wide.pk]), {"reason": REASON})
    assert gone.status_code == 302
    assert Initiative.objects.get().state == State.RECOGNISED


def test_the_list_of_proposals_costs_the_same_for_one_and_for_many(cast, sign_in, django_assert_max_num_queries):
    son = sign_in(cast.son)
    scopes.propose(recognised(cast), cast["TB"], by=cast.chi, grounds=GROUNDS)
    page_of(son, "office:scope-proposals")
    with django_assert_max_num_queries(16) as one:
        page_of(son, "office:scope-proposals")
    for _n in range(3):
        scopes.propose(recognised(cast), cast["TB"], by=cast.chi, grounds=GROUNDS)
    with django_assert_max_num_queries(16) as many:
        page_of(son, "office:scope-proposals")
    assert len(one) == len(many)


def test_reasons_are_kept_on_the_form_when_one_is_too_short(cast, sign_in):
    binh, address = sign_in(cast.binh), reverse("office:canned-reasons")
    answer = binh.post(address, {"send_back": "Ghi rõ khoa phòng áp dụng đầu tiên.\nngắn", "refuse": ""})
    assert answer.status_code == 422
    assert "Ghi rõ khoa phòng" in answer.content.decode()
    assert not CannedReason.objects.exists()
    binh.post(address, {"send_back": "Ghi rõ khoa phòng áp dụng đầu tiên."})
    item = filed(cast)
    assert "Ghi rõ khoa phòng áp dụng đầu tiên." in page_of(binh, "office:dossier", item.code)


@pytest.mark.parametrize("name", ["scope-proposals", "canned-reasons", "dossiers-outcome"])
def test_a_member_opens_none_of_it(cast, sign_in, name):
    assert sign_in(cast.an).get(reverse(f"office:{name}")).status_code == 403


def test_the_list_names_the_order_it_stands_in(cast, sign_in):
    filed(cast)
    address, binh = reverse("office:initiatives"), sign_in(cast.binh)
    for asked, first in [({}, "Mới gửi"), ({"state": "submitted"}, "Hạn gần nhất"), ({"q": "xe"}, "Phù hợp nhất")]:
        assert str(binh.get(address, asked).context["orders"][0][1]) == first
    assert len(binh.get(address).context["orders"]) == 3
