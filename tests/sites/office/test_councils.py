"""Pages of a council: set up, list, score on a phone, count, sign; what each person sees of it."""

import pytest
from django.urls import reverse

from tests.initiatives.test_reception import received
from tests.review.test_councils import case_at, cast_all, opened, session_of
from tests.sites.member.test_pages import page_of, photo
from thidua.documents.choices import Purpose
from thidua.initiatives.domain import attachments
from thidua.review.choices import SessionState, Vote
from thidua.review.models import Ballot, Case, Council, Session


def test_a_council_is_set_up_with_members_and_a_session(cast, sign_in):
    chi = sign_in(cast.chi)
    typed = {
        "name": "Hội đồng sáng kiến",
        "decision_number": "45/QĐ-BV",
        "decided_on": "2022-01-05",
        "term_from": "2022-01-05",
        "term_to": "2021-01-05",
        "ruleset": "seventy",
        "is_secret": "on",
    }
    wrong = chi.post(reverse("office:council-new"), typed)
    assert (wrong.status_code, "kết thúc trước khi bắt đầu" in wrong.content.decode()) == (422, True)
    chi.post(reverse("office:council-new"), {**typed, "term_to": "2024-01-05"})
    council = Council.objects.get()
    assert "Vũ Thị Lan" in page_of(chi, "office:council", council.code, q="vu lan")
    seat = reverse("office:council-seat", args=[council.code])
    for person, role in ((cast.chi, "chair"), (cast.binh, "secretary"), (cast.lan, "member")):
        chi.post(seat, {"person": person.pk, "role": role})
    again = chi.post(seat, {"person": cast.lan.pk, "role": "member"})
    assert (again.status_code, "đã ở trong hội đồng" in again.content.decode()) == (422, True)
    chi.post(reverse("office:council-plan", args=[council.code]), {"held_on": "2022-05-25", "place": "Phòng họp 1"})
    assert Session.objects.get().place == "Phòng họp 1"
    assert council.name in page_of(sign_in(cast.lan), "office:councils")
    assert sign_in(cast.khoa).get(reverse("office:council", args=[council.code])).status_code == 404
    assert sign_in(cast.an).get(reverse("office:council-new")).status_code == 403


def test_the_secretary_puts_dossiers_opens_counts_and_the_chair_signs(cast, sign_in):
    good, lacking = received(cast), received(cast, kind="")
    session = session_of(cast)
    binh, chi, lan = sign_in(cast.binh), sign_in(cast.chi), sign_in(cast.lan)
    change, step = (reverse(f"office:session-{n}", args=[session.code]) for n in ("change", "step"))
    assert good.title in page_of(binh, "office:session", session.code)
    some = binh.post(change, {"what": "put", "code": [good.code, lacking.code]})
    assert (some.status_code, "Chưa chọn loại giải pháp." in some.content.decode()) == (422, True)
    assert Case.objects.count() == 1
    binh.post(step, {"step": "open"})
    case = Case.objects.get()
    assert good.title in page_of(lan, "office:councils")
    shown = page_of(lan, "office:case", case.pk)
    assert good.solution in shown
    assert "Tính mới trong đơn vị" in shown
    short = lan.post(reverse("office:case-vote", args=[case.pk]), {"vote": "no", "score-novelty": "12"})
    assert (short.status_code, 'value="12"' in short.content.decode()) == (422, True)
    lan.post(reverse("office:case-vote", args=[case.pk]), {"vote": "yes", "onward": "1"})
    assert Ballot.objects.get().vote == Vote.YES
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES})
    binh.post(change, {"what": "present", "seat": []})
    binh.post(change, {"what": "discussion", "discussion": "Thảo luận sôi nổi."})
    binh.post(step, {"step": "close"})
    assert binh.get(reverse("office:session-draft", args=[session.code])).content.startswith(b"%PDF")
    assert binh.post(step, {"step": "sign"}).status_code == 403
    chi.post(step, {"step": "sign"})
    assert Session.objects.get().state == SessionState.SIGNED
    assert lan.get(reverse("office:session-minutes", args=[session.code, "pdf"])).status_code == 200
    assert sign_in(cast.khoa).get(reverse("office:session-minutes", args=[session.code, "pdf"])).status_code == 404
    words = page_of(chi, "office:dossier-recognise", good.code)
    assert "Hội đồng đề nghị công nhận" in words
    assert '<option value="council" selected>' in words


def test_a_member_sees_the_papers_of_a_case_and_only_those(cast, sign_in):
    item = received(cast)
    kept = attachments.attach(item, photo().read(), "a.jpg", Purpose.PHOTO_AFTER, by=cast.binh)
    session = opened(cast, item)
    address = reverse("office:case-file", args=[case_at(session).pk, kept.file_id])
    assert sign_in(cast.lan).get(address).status_code == 200
    assert sign_in(cast.khoa).get(address).status_code == 404
    assert sign_in(cast.lan).get(reverse("office:dossier", args=[item.code])).status_code in (403, 404)


def test_a_conflict_is_declared_and_nothing_of_the_votes_is_learnt(cast, sign_in):
    session = opened(cast, received(cast))
    case = case_at(session)
    lan = sign_in(cast.lan)
    recuse = reverse("office:case-recuse", args=[case.pk])
    assert lan.post(recuse, {"reason": "x"}).status_code == 422
    lan.post(recuse, {"reason": "Em ruột của tác giả"})
    assert "Bạn đã khai có xung đột lợi ích" in page_of(lan, "office:case", case.pk)
    cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "dung": Vote.YES})
    sign_in(cast.binh).post(reverse("office:session-step", args=[session.code]), {"step": "close"})
    assert "Hội đồng đề nghị công nhận" not in page_of(lan, "office:case", case.pk)
    assert "3/3" in page_of(sign_in(cast.dung), "office:case", case.pk)


def test_the_session_costs_the_same_for_one_and_for_many(cast, sign_in, django_assert_max_num_queries):
    session = opened(cast, received(cast))
    binh = sign_in(cast.binh)
    page_of(binh, "office:session", session.code)
    with django_assert_max_num_queries(40) as one:
        page_of(binh, "office:session", session.code)
    from thidua.initiatives.domain import hearings

    for _n in range(3):
        hearings.put_before(received(cast), session, by=cast.binh)
    with django_assert_max_num_queries(40) as many:
        page_of(binh, "office:session", session.code)
    assert len(one) == len(many)


@pytest.mark.parametrize("step", ["open", "close", "sign", "cancel", "reopen"])
def test_members_take_no_step_of_the_secretary(cast, sign_in, step):
    session = session_of(cast, received(cast))
    answer = sign_in(cast.lan).post(reverse("office:session-step", args=[session.code]), {"step": step})
    assert answer.status_code in (403, 422)
    assert Session.objects.get().state == SessionState.PLANNED
