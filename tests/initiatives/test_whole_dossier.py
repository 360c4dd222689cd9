"""The dossier as the law asks for it: people, benefit in three voices, what is kept closed, versions, evidence."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.initiatives.test_dossiers import REASON, WHOLE, filed, recognised
from tests.initiatives.test_papers import words_of
from tests.review.test_councils import council_of
from tests.sites.member.test_pages import photo
from thidua.initiatives import queries, rules
from thidua.initiatives.domain import (
    attachments,
    benefits,
    dossiers,
    evidence,
    library,
    participants,
    reception,
    shares,
    versions,
)
from thidua.initiatives.domain.participants import Helped, Particulars
from thidua.initiatives.models import FirstUse, Initiative
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.notify.models import Notice
from thidua.review.models import Case, Council, Seat, Session


@pytest.fixture
def returned(cast):
    initiative = filed(cast)
    reception.send_back(initiative, by=cast.binh, reason=REASON)
    return initiative


def test_authors_carry_what_the_roster_says_and_what_they_add(cast, returned):
    cast.dung.job_title, cast.dung.qualification = "Kỹ thuật viên", "Cao đẳng"
    cast.dung.save()
    dossiers.share_out(returned, [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.an)
    lead, second = returned.authorships.all()
    assert (second.workplace, second.job_title, second.qualification) == (
        "CĐCS Bệnh viện Đa khoa tỉnh",
        "Kỹ thuật viên",
        "Cao đẳng",
    )
    said = Particulars(date(1990, 3, 5), "Khoa Nội", "Điều dưỡng trưởng", "Đại học")
    participants.describe_authors(returned, {lead.pk: said}, by=cast.an)
    dossiers.share_out(returned, [(cast.an, Decimal(70)), (cast.dung, Decimal(30))], by=cast.an)
    lead = returned.authorships.first()
    assert (lead.born_on, lead.workplace) == (date(1990, 3, 5), "Khoa Nội")  # kept when shares change


def test_participants_of_the_first_application(cast, returned):
    rows = [Helped("Lê Văn Hàn", "Hàn khung xe"), Helped(" Vũ Thị  Dán ", "Dán nhãn", Particulars(date(1985, 1, 2)))]
    participants.replace(returned, rows, by=cast.an)
    assert [(p.name, p.work) for p in returned.participants.all()] == [
        ("Lê Văn Hàn", "Hàn khung xe"),
        ("Vũ Thị Dán", "Dán nhãn"),
    ]
    with pytest.raises(Refused, match="cần họ tên và nội dung"):
        participants.replace(returned, [Helped("Lê Văn Hàn", "")], by=cast.an)
    with pytest.raises(Refused, match="nằm trong tương lai"):
        participants.replace(returned, [Helped("Lê A", "Hàn", Particulars(date(2030, 1, 1)))], by=cast.an)
    with pytest.raises(Forbidden):
        participants.replace(returned, rows, by=cast.lan)
    assert returned.participants.count() == 2


def test_a_co_author_who_does_not_agree_says_why_and_the_share_is_mended(cast, returned):
    dossiers.share_out(returned, [(cast.an, Decimal(90)), (cast.dung, Decimal(10))], by=cast.an)
    second = returned.authorships.get(person=cast.dung)
    with pytest.raises(Refused, match="ít nhất 10 ký tự"):
        shares.object_to(second, by=cast.dung, reason="Ít")
    shares.object_to(second, by=cast.dung, reason="Tôi làm một nửa phần khung xe.")
    notice = Notice.objects.filter(person=cast.an, kind__contains="share_objected").get()
    assert "chưa đồng ý tỷ lệ" in notice.headline
    dossiers.share_out(returned, [(cast.an, Decimal(60)), (cast.dung, Decimal(40))], by=cast.an)
    second = returned.authorships.get(person=cast.dung)
    assert second.objection == ""
    shares.confirm(second, by=cast.dung)
    assert second.confirmed_at is not None
    with pytest.raises(Refused, match="Chỉ chính đồng tác giả"):
        shares.object_to(second, by=cast.an, reason="Tôi không đồng ý chút nào.")


@pytest.mark.parametrize(
    ("numbers", "yearly"),
    [
        ((50_000, 20_000, 1_000, 12, 6_000_000), 24_000_000),
        ((50_000, 20_000, 100, 1, 0), 36_000_000),
        ((1, 2, 10, 12, 0), -10),
    ],
)
def test_the_yearly_benefit(numbers, yearly):
    assert rules.yearly_benefit(*numbers) == yearly


def test_the_benefit_in_three_voices(cast, returned):
    asked = benefits.ask_first_user(returned, cast.dung, by=cast.an)
    assert Notice.objects.filter(person=cast.dung, needs_action=True, kind="initiatives.first_use.asked").exists()
    with pytest.raises(Refused, match="Tác giả không tự cho ý kiến"):
        benefits.answer_first_use(asked, by=cast.an, benefit="money", amount=1, opinion="Rất tốt, tôi đã dùng.")
    with pytest.raises(Refused, match="Hãy ghi số tiền"):
        benefits.answer_first_use(asked, by=cast.dung, benefit="money", amount=None, opinion="Rất tốt, tôi đã dùng.")
    benefits.answer_first_use(asked, by=cast.dung, benefit="money", amount=20_000_000, opinion="Đỡ đi lại một nửa.")
    with pytest.raises(Refused, match="đã cho ý kiến rồi"):
        benefits.ask_first_user(returned, cast.chi, by=cast.an)
    dossiers.submit(returned, by=cast.an)
    dossiers.confirm_benefit(returned, 18_000_000, by=cast.binh)
    returned.refresh_from_db()
    assert (returned.benefit_stated, returned.first_use.amount, returned.benefit_confirmed) == (
        24_000_000,
        20_000_000,
        18_000_000,
    )


def test_who_applied_it_first_does_not_also_confirm(cast, returned):
    asked = benefits.ask_first_user(returned, cast.binh, by=cast.an)
    benefits.answer_first_use(asked, by=cast.binh, benefit="not_quantifiable", amount=None, opinion="An toàn hơn hẳn.")
    with pytest.raises(Refused, match="người khác xác nhận"):
        dossiers.confirm_benefit(returned, 1, by=cast.binh)
    FirstUse.objects.all().delete()
    with pytest.raises(Refused, match="phải là người khác tác giả"):
        benefits.ask_first_user(returned, cast.an, by=cast.an)


def test_the_office_records_a_signed_paper(cast):
    initiative = filed(cast)
    said = {"benefit": "not_quantifiable", "amount": None, "opinion": "Bệnh nhân hài lòng hơn."}
    recorded = benefits.record_first_use(initiative, by=cast.binh, name="Khoa Ngoại", **said)
    assert (recorded.name, recorded.recorded_by) == ("Khoa Ngoại", cast.binh)
    with pytest.raises(Refused):
        benefits.record_first_use(initiative, by=cast.lan, name="Khoa Ngoại", **said)


def test_what_is_sealed_is_not_shown_outside(cast):
    initiative = recognised(cast, sealed=["solution", "files", "title"], confidential="Công thức")
    assert initiative.sealed == ["solution", "files"]  # the title is always shown
    library.set_disclosure(initiative, "public", by=cast.an)
    shown = queries.public_by_code(initiative.code)
    assert (shown.solution, shown.confidential) == ("", "")
    assert shown.problem_before
    assert shown.effect
    initiative.refresh_from_db()
    assert initiative.solution


def test_a_sealed_part_is_not_compared_by_strangers(cast):
    from thidua.similarity.domain import facing

    initiative = recognised(cast, sealed=["solution"])
    shown = [words for _label, words in facing._parts(initiative, public_only=True)]
    assert initiative.problem_before in shown
    assert initiative.solution not in shown
    assert initiative.solution in [words for _label, words in facing._parts(initiative)]


def test_a_sealed_photo_is_not_served_to_strangers(cast, client, returned):
    from django.urls import reverse

    kept = attachments.attach(returned, photo().read(), "a.jpg", "photo_after", by=cast.an)
    public = {"state": "recognised", "disclosure": "public", "received_on": "2022-05-01", "concluded_on": "2022-05-02"}
    Initiative.objects.filter(pk=returned.pk).update(**public)
    assert client.get(reverse("office:file", args=[kept.file_id])).status_code == 200
    Initiative.objects.filter(pk=returned.pk).update(sealed=["files"])
    assert client.get(reverse("office:file", args=[kept.file_id])).status_code == 404


def test_what_is_kept_is_read_by_the_office_in_charge_and_the_council_only(cast, sign_in):
    secret, formula = "Khay nam châm hút ba chiều.", "Tỷ lệ hợp kim 7:3."
    item = filed(cast, steps=secret, sealed=["steps", "files"], confidential=formula)
    photo_of = attachments.attach(item, photo().read(), "a.jpg", "photo_after", by=cast.binh)
    dossiers.write(item, by=cast.binh, revision=item.revision, steps=f"{secret} Rồi khoá lại.")

    def read_by(person):
        client, found = sign_in(person), {}
        for name in ("office:dossier", "office:dossier-versions"):
            found[name] = client.get(reverse(name, args=[item.code])).content.decode()
        words = client.get(reverse("office:dossier-application", args=[item.code, "docx"])).content
        found["application"] = words_of(words)
        found["photo"] = client.get(reverse("office:file", args=[photo_of.file_id])).status_code
        return found

    for person in (cast.binh, cast.chi, cast.dung):  # dung holds a post in the council of the union
        found = read_by(person)
        assert secret in found["office:dossier"]
        assert secret in found["application"]
        assert formula in found["office:dossier"]
        assert "Rồi" in found["office:dossier-versions"]
        assert found["photo"] == 200
    for person in (cast.hanh, cast.phuc, cast.minh):  # above it, and the inspection: they see that there is something
        found = read_by(person)
        assert "Tác giả giữ kín một phần hồ sơ này" in found["office:dossier"]
        assert item.effect in found["office:dossier"]
        assert not any(secret in str(page) or formula in str(page) for page in found.values())
        assert "Rồi" not in found["office:dossier-versions"]
        assert str(photo_of.file_id) not in found["office:dossier"]
        assert found["photo"] == 404
    assert not rules.may_examine(cast.lan, item)
    council_of(cast)
    assert rules.may_examine(cast.lan, item)


def test_a_council_of_a_unit_no_longer_in_charge_reads_no_more(cast, sign_in):
    """One rule for the page, the files and what search calls examined; whoever has still to judge it reads on."""
    secret = "Khay nam châm hút ba chiều."
    item = filed(cast, steps=secret, sealed=["steps", "files"])
    photo_of = attachments.attach(item, photo().read(), "a.jpg", "photo_after", by=cast.binh)
    seat = Seat.objects.create(council=council_at(cast["TB-YT"]), person=cast.phuc)
    reception.receive(item, by=cast.binh)

    def reads():
        client, fresh = sign_in(cast.phuc), Initiative.objects.get(pk=item.pk)
        page = secret in client.get(reverse("office:dossier", args=[item.code])).content.decode()
        file = client.get(reverse("office:file", args=[photo_of.file_id])).status_code == 200
        examined = bool(rules.offices_in_charge(fresh) & rules.offices_examined_by(cast.phuc))
        return {page, file, examined, rules.may_examine(cast.phuc, fresh)}

    assert reads() == {False}
    reception.pass_up(item, by=cast.binh, reason=REASON)
    assert reads() == {True}
    reception.hand_down(item, by=cast.hanh, reason=REASON)
    assert reads() == {False}
    session = Session.objects.create(council=seat.council, held_on=date(2022, 5, 25), code="PH-1", called_by=cast.hanh)
    subject = {"subject_type": "initiatives.initiative", "subject_id": item.pk, "subject_code": item.code}
    case = Case.objects.create(session=session, position=1, unit=item.unit, title=item.title, **subject)
    assert rules.may_examine(cast.phuc, item)  # its unit was merged into another, say, and the council goes on
    Case.objects.filter(pk=case.pk).update(outcome="passed")
    assert not rules.may_examine(cast.phuc, item)


def council_at(unit):
    days = {"decided_on": date(2022, 1, 5), "term_from": date(2022, 1, 5)}
    return Council.objects.create(
        code="HD-1", unit=unit, name="Hội đồng", decision_number="1/QĐ", ruleset="majority", **days
    )


def test_only_for_examiners_means_every_part(cast):
    item = filed(cast, disclosure="council")
    assert not rules.may_examine(cast.hanh, item)
    shown = queries.shown_to(cast.hanh, item)
    assert (shown.solution, shown.problem_before, shown.is_cut) == ("", "", True)
    assert (shown.title, shown.effect) == (item.title, item.effect)
    assert item.solution  # the dossier itself is untouched
    assert queries.shown_to(cast.chi, item) is item


def test_versions_side_by_side(cast, returned):
    dossiers.write(
        returned, by=cast.an, revision=returned.revision, effect="Bớt đi lại hai lần, không còn nhầm giường."
    )
    dossiers.share_out(returned, [(cast.an, Decimal("66.5")), (cast.dung, Decimal("33.5"))], by=cast.an)
    dossiers.submit(returned, by=cast.an)
    first, second = returned.revisions.all()
    found = {str(d.label): d for d in versions.differences(first.content, second.content)}
    assert set(found) == {"Hiệu quả", "Tác giả"}
    assert [s.text for s in found["Hiệu quả"].after if s.is_changed] == [" hai lần,"] or any(
        "hai lần" in s.text for s in found["Hiệu quả"].after if s.is_changed
    )
    assert "Trần Văn Dũng: 33,5 %" in "".join(s.text for s in found["Tác giả"].after)


def test_what_the_office_changes_makes_a_version_of_its_own(cast):
    initiative = filed(cast)
    dossiers.write(initiative, by=cast.binh, revision=initiative.revision, field="Y tế")
    assert [r.by_name for r in initiative.revisions.all()] == [cast.an.full_name, cast.binh.full_name]


def test_the_checklist_names_what_is_missing(cast, returned):
    dossiers.write(
        returned,
        by=cast.an,
        revision=returned.revision,
        sponsor="Bệnh viện",
        claims_recognition=True,
        claimed_decision="1/QĐ",
    )
    attachments.attach(returned, photo().read(), "sau.jpg", "photo_after", by=cast.an)
    attachments.attach(returned, b"%PDF-1.4\n%%EOF", "xac-nhan.pdf", "evidence", by=cast.an, kind="first-use")
    lines = evidence.checklist(returned, queries.attachments_of(returned))
    assert {line.kind.key: line.is_missing for line in lines} == {
        "photo-after": False,
        "first-use": False,
        "figures": True,
        "sponsor": True,
        "decision": True,
    }
    assert WHOLE["benefit"] == "money"
