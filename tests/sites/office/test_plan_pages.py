"""Pages of a plan's life: steps, receipt, the table of units, duties, movements, supports, amendments."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import SYSTEM
from tests.programmes.conftest import drafted
from tests.programmes.test_cascade import make_unit
from thidua.notify.models import Notice
from thidua.orgs.domain import tree
from thidua.programmes.domain import assignments, deliveries, movements, plans
from thidua.programmes.models import Assignment, Plan, Registration, Support
from thidua.programmes.queries import duties


@pytest.fixture
def issued(cast) -> Plan:
    return plans.issue(drafted(cast, "TB-YT", "17", cast.hanh), by=cast.hanh)


def page(client, name: str, *args: object, **query: str):
    return client.get(reverse(f"office:{name}", args=args), query)


def text_of(answered) -> str:
    return answered.content.decode()


def test_the_steps_are_buttons_for_those_who_may(cast, sign_in):
    plan = drafted(cast, "TB-YT", "17", cast.hanh)
    step = reverse("office:plan-step", args=[plan.code])
    officer, chair = sign_in(cast.giang), sign_in(cast.hanh)
    assert "Trình duyệt" in text_of(page(officer, "plan", plan.code))
    assert "Đã trình duyệt." in text_of(officer.post(step, {"step": "propose"}, follow=True))
    assert Notice.objects.filter(person=cast.hanh, kind="programmes.plan_proposed").exists()
    assert "Kế hoạch chờ duyệt" in text_of(page(chair, "todo"))
    assert officer.post(step, {"step": "approve"}).status_code == 403
    assert officer.post(step, {"step": "issue"}).status_code == 404, "issuing has its own page"
    assert chair.post(step, {"step": "return", "reason": "ngắn"}).status_code == 422
    chair.post(step, {"step": "return", "reason": "Bổ sung chỉ tiêu của từng cơ sở."})
    officer.post(step, {"step": "propose"})
    chair.post(step, {"step": "approve"})
    plan.refresh_from_db()
    assert plan.state == "approved"


def test_opening_and_receiving(cast, sign_in, issued):
    officer = sign_in(cast.binh)
    assert "Kế hoạch vừa nhận" in text_of(page(officer, "todo"))
    assert "Hãy xác nhận đơn vị đã nhận." in text_of(page(officer, "plan", issued.code))
    delivery = issued.deliveries.get(unit=cast["TB-YT-01"])
    assert delivery.opened_at is not None
    answered = officer.post(reverse("office:plan-receive", args=[issued.code]), follow=True)
    assert "Đã xác nhận nhận kế hoạch." in text_of(answered)
    assert "Lê Thanh Bình" in text_of(page(sign_in(cast.giang), "plan-units", issued.code))
    assert sign_in(cast.dung).post(reverse("office:plan-receive", args=[issued.code])).status_code == 403


def test_the_table_of_units_costs_the_same_for_few_and_many(cast, sign_in, issued, django_assert_max_num_queries):
    officer = sign_in(cast.giang)
    page(officer, "plan-units", issued.code)
    for number in range(60):
        make_unit(f"Y{number:03d}", cast["TB-YT"])
    tree.renumber()
    issued.refresh_from_db()
    deliveries.send(issued, by=SYSTEM)
    with django_assert_max_num_queries(24):
        first = page(officer, "plan-units", issued.code)
    assert len(first.context["rows"]) == 50
    following = page(officer, "plan-units", issued.code, cursor=first.context["page"].next)
    assert len(following.context["rows"]) == 13
    found = page(officer, "plan-units", issued.code, q="benh vien nhi", standing="none")
    assert [d.unit.code for d, _given in found.context["rows"]] == ["TB-YT-02"]
    Notice.objects.all().delete()
    answered = officer.post(reverse("office:plan-chase", args=[issued.code]), {"unit": "TB-YT-02"}, follow=True)
    assert "Đã nhắc 1 đơn vị." in text_of(answered)
    assert set(Notice.objects.values_list("person__full_name", flat=True)) == {cast.lan.full_name}


def test_a_duty_is_done_with_evidence_sent_back_and_confirmed(cast, sign_in, issued):
    officer, upper = sign_in(cast.binh), sign_in(cast.giang)
    item = duties.assignments_of(cast["TB-YT-01"]).get(duty__text__startswith="Tổ chức xét khen")
    assert item.duty.text[:30] in text_of(page(officer, "duties"))
    address = reverse("office:assignment", args=[item.pk])
    wrong = officer.post(address, {"note": ""})
    assert wrong.status_code == 422
    files = [SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.4 a"), SimpleUploadedFile("danh-sach.pdf", b"%PDF-1.4 b")]
    assert "Đã báo xong." in text_of(officer.post(address, {"note": "Đã xét.", "uploads": files}, follow=True))
    kept = item.files.first()
    assert officer.get(reverse("office:assignment-file", args=[item.pk, kept.file_id])).content.startswith(b"%PDF")
    assert sign_in(cast.lan).get(address).status_code == 404
    assert sign_in(cast.khoa).get(reverse("office:assignment-file", args=[item.pk, kept.file_id])).status_code == 404
    waiting = page(upper, "duties", where="confirm")
    assert "Đã xét." in text_of(waiting)
    answered = upper.post(reverse("office:duties-confirm"), {"choice": [item.pk]}, follow=True)
    assert "Đã xác nhận 1 kết quả." in text_of(answered)
    step = reverse("office:assignment-step", args=[item.pk])
    assert officer.post(step, {"step": "reopen"}).status_code == 422
    upper.post(step, {"step": "send_back", "reason": "Thiếu danh sách cá nhân kèm theo."})
    assert "Thiếu danh sách" in text_of(officer.get(address))
    officer.post(reverse("office:assignment-file-drop", args=[item.pk, kept.file_id]))
    assert item.files.count() == 1


def test_a_wrong_file_is_refused_at_its_field_and_the_words_stay(cast, sign_in, issued):
    item = duties.assignments_of(cast["TB-YT-01"]).first()
    bad = SimpleUploadedFile("x.exe", b"MZ\x00\x00")
    answered = sign_in(cast.binh).post(
        reverse("office:assignment", args=[item.pk]), {"note": "Đã làm xong", "uploads": bad}
    )
    assert answered.status_code == 422
    assert "Đã làm xong" in text_of(answered)
    item.refresh_from_db()
    assert item.state == "open"


def test_deadlines_are_set_on_the_page_of_duties(cast, sign_in, issued, django_assert_max_num_queries):
    officer = sign_in(cast.giang)
    shown = text_of(page(officer, "plan-duties", issued.code))
    assert "7 việc chưa có hạn" in shown
    duty = issued.duties.get(text__startswith="Định kỳ báo cáo")
    address = reverse("office:plan-duty-date", args=[issued.code, duty.pk])
    wrong = officer.post(address, {"timing": "once", "due_on": "32/5/2022"})
    assert wrong.status_code == 422
    assert 'value="32/5/2022"' in text_of(wrong)
    assert "Hãy nhập hạn" in text_of(officer.post(address, {"timing": "once"}))
    answered = officer.post(address, {"timing": "once", "due_on": "10/6/2022"}, follow=True)
    assert "3 đơn vị được báo" in text_of(answered)
    assert sign_in(cast.binh).get(address).status_code == 403
    with django_assert_max_num_queries(22):
        tree_page = page(officer, "plan-duty", issued.code, duty.pk)
    assert [(u.code, t.given) for u, t in tree_page.context["rows"]] == [
        ("TB-YT-01", 1),
        ("TB-YT-02", 1),
        ("TB-YT-03", 1),
    ]
    assert page(officer, "plan-duty", issued.code, duty.pk, unit="NT").status_code == 404


def test_the_lists_of_todos_filter_and_page(cast, sign_in, issued):
    officer = sign_in(cast.binh)
    item = duties.assignments_of(cast["TB-YT-01"]).first()
    assignments.set_aside(item, by=cast.binh, reason="Đơn vị không có khối doanh nghiệp.")
    assert len(page(officer, "duties").context["page"].rows) == 4
    assert len(page(officer, "duties", state="undated").context["page"].rows) == 4
    assert list(page(officer, "duties", state="not_applicable").context["page"].rows) == [item]
    assert not page(officer, "duties", state="overdue").context["page"].rows
    assert len(page(officer, "duties", state="").context["page"].rows) == 5
    assert sign_in(cast.an).get(reverse("office:duties")).status_code == 403


def test_movements_are_found_registered_and_withdrawn(cast, sign_in, issued):
    officer = sign_in(cast.binh)
    listed = page(officer, "movements", kind="drive")
    assert [m.kind for m, *_span in listed.context["rows"]] == ["drive"]
    movement = issued.programmes.get(short_name="Lao động giỏi, Lao động sáng tạo")
    assert "Đăng ký thi đua" in text_of(page(officer, "movement", movement.code))
    address = reverse("office:movement-register", args=[movement.code])
    assert officer.post(address, {"pledge": "", "collective": "Khoa Nội"}).status_code == 422
    officer.post(address, {"pledge": "Mỗi quý hai sáng kiến", "collective": "Khoa Nội"})
    again = officer.post(address, {"pledge": "Ba sáng kiến", "collective": "Khoa Nội"})
    assert "Khoa Nội đã đăng ký rồi." in text_of(again)
    assert "Ba sáng kiến" in text_of(again)
    registration = Registration.objects.get()
    step = reverse("office:registration-step", args=[registration.pk])
    assert officer.post(step, {"step": "accept"}).status_code == 403
    sign_in(cast.giang).post(step, {"step": "accept"})
    registration.refresh_from_db()
    assert registration.state == "accepted"
    assert sign_in(cast.lan).post(step, {"step": "withdraw"}).status_code == 404
    matrix = page(sign_in(cast.giang), "plan-movements", issued.code)
    assert [sum(c.registered for _m, c in cells) for _u, cells in matrix.context["rows"]] == [1, 0, 0]
    officer.post(step, {"step": "withdraw"})
    assert page(sign_in(cast.giang), "movement", movement.code).context["page"].rows == []


def test_supports_are_recorded_and_summed(cast, sign_in, issued):
    officer = sign_in(cast.binh)
    address = reverse("office:plan-supports", args=[issued.code])
    given = {"party": "employer", "giver": "Bệnh viện", "kind": "funds", "text": "Thưởng", "value": "20000000"}
    assert officer.post(address, {**given, "given_on": "1/1/2030"}).status_code == 422
    officer.post(address, {**given, "given_on": "1/5/2022"})
    assert "20.000.000" in text_of(page(sign_in(cast.giang), "plan-supports", issued.code))
    drop = reverse("office:plan-support-drop", args=[issued.code, Support.objects.get().pk])
    assert sign_in(cast.giang).post(drop).status_code == 403
    officer.post(drop)
    assert not Support.objects.exists()


def test_amending_and_renewing_from_the_page(cast, sign_in, issued):
    officer = sign_in(cast.giang)
    answered = officer.post(reverse("office:plan-amend", args=[issued.code]), follow=True)
    draft = Plan.objects.get(amends=issued)
    assert answered.redirect_chain[-1][0] == reverse("office:plan-review", args=[draft.code])
    phase = draft.programmes.get(counts_initiatives=True).phases.first()
    phase.ends_on = date(2022, 5, 30)
    phase.save()
    assert "12/01/2022 – 30/05/2022" in text_of(page(officer, "plan", draft.code))
    officer.post(reverse("office:plan-clone", args=[issued.code]))
    renewed = Plan.objects.get(renews=issued)
    assert "đã dời sang" in text_of(page(officer, "plan-review", renewed.code))
    assert sign_in(cast.binh).post(reverse("office:plan-amend", args=[issued.code])).status_code == 403


def test_the_signed_scan(cast, sign_in, issued):
    officer = sign_in(cast.giang)
    scan = SimpleUploadedFile("ban-ky.pdf", b"%PDF-1.4 scan")
    officer.post(reverse("office:plan-sign", args=[issued.code]), {"file": scan})
    got = sign_in(cast.binh).get(reverse("office:plan-signed", args=[issued.code]))
    assert got.content == b"%PDF-1.4 scan"
    assert officer.post(reverse("office:plan-sign", args=[issued.code])).status_code == 422


def test_papers_are_named_on_the_review(cast, sign_in, issued):
    draft = plans.draft_from_reading(cast["TB-YT-01"], {"title": "Kế hoạch"}, by=cast.binh)
    officer, address = sign_in(cast.binh), reverse("office:plan-link", args=[draft.code])
    assert officer.post(address, {"reference-relation": "basis"}).status_code == 422
    officer.post(address, {"reference-relation": "implements", "reference-target": issued.pk})
    draft.refresh_from_db()
    assert draft.implements == issued
    officer.post(address, {"drop": draft.references.get().pk})
    assert not draft.references.exists()


def test_lineage_shows_up_and_down(cast, sign_in, issued):
    lower = plans.issue(plans.cascade(issued, cast["TB-YT-01"], by=cast.binh), by=cast.chi, issued_on=date(2022, 2, 1))
    shown = page(sign_in(cast.binh), "plan-lineage", lower.code)
    assert [p.pk for p in shown.context["above"]] == [issued.pk, lower.pk]
    upper = page(sign_in(cast.giang), "plan-lineage", issued.code)
    assert [(x.kind.code, x.units, x.issued) for x in upper.context["levels"]] == [("grassroots", 3, 1)]
    assert list(upper.context["page"].rows) == [lower]


def test_no_other_branch_opens_any_page_of_a_plan(cast, sign_in, issued):
    movement = issued.programmes.first()
    duty = issued.duties.first()
    movements.register(movement, cast["TB-YT-01"], by=cast.binh, pledge="Thi đua")
    stranger = sign_in(cast.khoa)
    for name in ("plan", "plan-units", "plan-duties", "plan-lineage", "plan-supports", "plan-movements"):
        assert page(stranger, name, issued.code).status_code == 404, name
    assert page(stranger, "plan-duty", issued.code, duty.pk).status_code == 404
    assert page(stranger, "movement", movement.code).status_code == 404
    for item in Assignment.objects.all()[:3]:
        assert page(stranger, "assignment", item.pk).status_code == 404
    neighbour = page(sign_in(cast.lan), "movement", movement.code)
    assert list(neighbour.context["page"].rows) == [], "a neighbour's pledge is not shown"
