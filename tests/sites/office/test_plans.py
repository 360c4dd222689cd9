"""A plan from the upload to the paper, by hand in the browser."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import SYSTEM
from tests.programmes.test_plans import PAPERS, reading
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.people.domain import rosters
from thidua.programmes.domain import plans
from thidua.programmes.models import Plan, Programme


def paper(stem: str) -> SimpleUploadedFile:
    path = next(PAPERS.glob(f"{stem}*"))
    return SimpleUploadedFile(path.name, path.read_bytes(), content_type="text/plain")


def form_of(response) -> dict[str, str | list[str]]:
    """What a browser would send back: every field of the review as it stands."""
    review = response.context["review"]
    posted = {}
    for form in (review.frame, *review.lines()):
        for bound in form.visible_fields():
            value = bound.value()
            if bound.name == "drop" or value is False or value is None:
                continue
            shown = bound.field.prepare_value(value)
            is_day = isinstance(value, date)
            if isinstance(value, list):
                posted[bound.html_name] = value
                continue
            posted[bound.html_name] = value.strftime("%d/%m/%Y") if is_day else str("on" if value is True else shown)
    return posted


@pytest.fixture
def issued(cast) -> Plan:
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    plans.confirm(plan, by=cast.giang)
    return plans.issue(plan, by=cast.hanh)


def test_upload_review_confirm_issue(cast, sign_in):
    officer = sign_in(cast.giang)
    assert officer.get(reverse("office:plan-upload")).status_code == 200
    answered = officer.post(reverse("office:plan-upload"), {"file": paper("17")})
    plan = Plan.objects.get()
    address = reverse("office:plan-review", args=[plan.code])
    assert answered["Location"] == address
    page = officer.get(address)
    content = page.content.decode()
    assert "Chưa có tên người ký." in content
    assert "Dòng 25: - Giai đoạn 1 (từ nay đến hết tháng 5/2022)" in content
    posted = form_of(page)
    phase = plan.programmes.get(counts_initiatives=True).phases.get(position=1)
    assert posted[f"phase{phase.pk}-ends_on"] == "31/05/2022"
    posted |= {f"phase{phase.pk}-theme": "Tháng Công nhân", f"plan{plan.pk}-signer": "Bùi Đức Hạnh", "then": "confirm"}
    answered = officer.post(address, posted)
    assert answered["Location"] == reverse("office:plan", args=[plan.code])
    phase.refresh_from_db()
    plan.refresh_from_db()
    assert (phase.theme, plan.signer) == ("Tháng Công nhân", "Bùi Đức Hạnh")
    assert plan.reading["confirmed"]["by"] == cast.giang.full_name
    chair = sign_in(cast.hanh)
    assert chair.get(reverse("office:plan-issue", args=[plan.code])).status_code == 200
    answered = chair.post(
        reverse("office:plan-issue", args=[plan.code]), {"number": "17", "issued_on": "12/01/2022"}, follow=True
    )
    assert "Đã ban hành kế hoạch 17/KH-CĐYT." in answered.content.decode()
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert chair.get(reverse(f"office:plan-{kind}", args=[plan.code])).content.startswith(start)
    assert chair.get(reverse("office:plan-source", args=[plan.code])).content.startswith(paper("17").read()[:20])


def test_an_untouched_review_changes_nothing(cast, sign_in):
    plan = plans.draft_from_reading(cast["NT"], reading("KH-LDLD"), by=SYSTEM)
    plans_before = list(Programme.objects.filter(plan=plan).values())
    rosters.appoint(cast.khoa, cast["NT"], "upper_officer", since=date(2020, 1, 1), by=SYSTEM)
    officer = sign_in(cast.khoa)
    session = officer.session
    session["desk"] = cast["NT"].pk
    session.save()
    address = reverse("office:plan-review", args=[plan.code])
    answered = officer.post(address, {**form_of(officer.get(address)), "then": "save"})
    assert answered["Location"] == address
    assert list(Programme.objects.filter(plan=plan).values()) == plans_before
    assert not Act.objects.filter(kind__endswith=".changed").exists()


def test_what_is_wrong_is_shown_at_its_line_and_nothing_is_saved(cast, sign_in):
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    officer = sign_in(cast.giang)
    address = reverse("office:plan-review", args=[plan.code])
    posted = form_of(officer.get(address))
    phase = plan.programmes.get(counts_initiatives=True).phases.get(position=1)
    for wrong, words in (("32/5/2022", "Hãy nhập ngày theo dạng"), ("01/01/2021", "kết thúc trước khi bắt đầu")):
        bad = {**posted, f"phase{phase.pk}-ends_on": wrong, f"plan{plan.pk}-title": "Tên khác"}
        answered = officer.post(address, bad)
        assert answered.status_code == 422
        assert words in answered.content.decode()
        assert f'value="{wrong}"' in answered.content.decode(), "what was typed is kept"
        plan.refresh_from_db()
        assert plan.title.startswith("Thực hiện Chương trình")


def test_lines_are_dropped_and_added(cast, sign_in):
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    officer = sign_in(cast.giang)
    address = reverse("office:plan-review", args=[plan.code])
    duty = plan.duties.last()
    officer.post(address, {**form_of(officer.get(address)), f"duty{duty.pk}-drop": "on", "then": "save"})
    assert plan.duties.count() == 6
    main = plan.programmes.get(counts_initiatives=True)
    added = {"target-programme": main.pk, "target-indicator": "articles_published", "target-value": "12"}
    officer.post(reverse("office:plan-add", args=[plan.code, "target"]), added)
    assert plan.targets.get(indicator_id="articles_published").value == 12
    duty = {"duty-who": "CĐCS", "duty-text": "Báo cáo kết quả", "duty-due_on": "10/6/2022"}
    officer.post(reverse("office:plan-add", args=[plan.code, "duty"]), duty)
    assert plan.duties.get(due_on=date(2022, 6, 10)).kind == "report"
    refused = officer.post(reverse("office:plan-add", args=[plan.code, "phase"]), {"phase-programme": main.pk})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("trong.txt", b"", "rỗng"),
        ("anh.docx", b"\x89PNG\r\n\x1a\n123", "không thuộc loại được nhận"),
        ("tho.txt", "Một bài thơ về biển.".encode(), "không giống một kế hoạch"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(cast, sign_in, name, content, words):
    answered = sign_in(cast.giang).post(reverse("office:plan-upload"), {"file": SimpleUploadedFile(name, content)})
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert not Plan.objects.exists()


def test_the_issue_page_names_what_is_missing(cast, sign_in):
    plan = plans.draft_from_reading(cast["TB-YT"], reading("17"), by=cast.giang)
    chair = sign_in(cast.hanh)
    assert "Còn 1 cảnh báo" in chair.get(reverse("office:plan-issue", args=[plan.code])).content.decode()
    plans.confirm(plan, by=cast.hanh)
    answered = chair.post(reverse("office:plan-issue", args=[plan.code]), {"number": "17", "issued_on": "21/5/2022"})
    assert answered.status_code == 422
    assert "Ngày ban hành không thể ở sau hôm nay." in answered.content.decode()
    assert sign_in(cast.giang).get(reverse("office:plan-issue", args=[plan.code])).status_code == 403


def test_the_lower_unit_makes_its_plan_and_the_upper_one_sees_who_has(cast, sign_in, issued):
    grassroots = sign_in(cast.binh)
    listed = grassroots.get(reverse("office:plans")).content.decode()
    assert "Cần lập kế hoạch của đơn vị" in listed
    answered = grassroots.post(reverse("office:plan-cascade", args=[issued.code]))
    lower = Plan.objects.get(implements=issued)
    assert answered["Location"] == reverse("office:plan-review", args=[lower.code])
    assert grassroots.get(answered["Location"]).status_code == 200
    page = sign_in(cast.giang).get(reverse("office:plan-units", args=[issued.code]))
    assert [d.standing for d, _given in page.context["rows"]] == ["drafting", "none", "none"]
    Notice.objects.all().delete()
    answered = sign_in(cast.giang).post(reverse("office:plan-chase", args=[issued.code]), follow=True)
    assert "Đã nhắc 3 đơn vị." in answered.content.decode()
    assert Notice.objects.filter(person=cast.binh).count() == 1
    assert sign_in(cast.giang).get(reverse("office:plan", args=[lower.code])).status_code == 404, "a draft stays home"


def test_no_other_branch_and_no_member_opens_a_plan(cast, sign_in, issued):
    assert sign_in(cast.khoa).get(reverse("office:plan", args=[issued.code])).status_code == 404
    assert sign_in(cast.an).get(reverse("office:plan", args=[issued.code])).status_code == 403
    assert sign_in(cast.hanh).get(reverse("office:plan-review", args=[issued.code])).status_code == 404
    assert sign_in(cast.phuc).post(reverse("office:plan-chase", args=[issued.code])).status_code == 403
    assert Plan.objects.count() == 1


def test_programmes_and_papers_pages(cast, sign_in, issued):
    officer = sign_in(cast.binh)
    programme = issued.programmes.get(counts_initiatives=True)
    listed = officer.get(reverse("office:programmes")).content.decode()
    assert programme.name in listed
    page = officer.get(reverse("office:programme", args=[programme.code])).content.decode()
    assert "Giai đoạn 1" in page
    assert "chủ động xây dựng kế hoạch" in page, "the duties of a grassroots union"
    assert sign_in(cast.khoa).get(reverse("office:programme", args=[programme.code])).status_code == 404
    listed = sign_in(cast.giang).get(reverse("office:papers")).content.decode()
    assert "17/KH-CĐYT" in listed
    address = reverse("office:paper", args=[issued.paper_id, "pdf"])
    assert sign_in(cast.phuc).get(address).content.startswith(b"%PDF")
    assert sign_in(cast.binh).get(address).status_code == 404
    assert sign_in(cast.giang).get(reverse("office:paper", args=[issued.paper_id, "xlsx"])).status_code == 404


def test_the_list_of_plans_costs_the_same_for_one_and_for_many(cast, sign_in, issued, django_assert_max_num_queries):
    officer = sign_in(cast.giang)
    for _again in range(6):
        plans.draft_from_reading(cast["TB-YT"], {"title": "Kế hoạch"}, by=cast.giang)
    with django_assert_max_num_queries(16):
        officer.get(reverse("office:plans"))
