"""One decision for many: what is ready is said first, nothing is lost, two clicks are one; the list above it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from tests.initiatives.test_dossiers import filed
from tests.initiatives.test_papers import words_of
from tests.initiatives.test_reception import received
from tests.review.test_councils import cast_all, opened
from tests.sites.member.test_pages import page_of
from thidua.initiatives.domain import dossiers
from thidua.initiatives.models import Authorship, Recognition
from thidua.review.choices import Vote
from thidua.review.domain import sessions
from thidua.similarity.models import Likeness


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    return drawn.getvalue()


def test_what_is_not_ready_is_said_before_the_decision_is_filled_in(cast, sign_in, django_assert_num_queries):
    items = [received(cast), received(cast), received(cast)]
    for item, gap in ((items[1], {"kind": ""}), (items[2], {"first_applied_on": None})):
        dossiers.write(item, by=cast.binh, revision=item.revision, **gap)
    chi, address = sign_in(cast.chi), reverse("office:dossiers-decide")
    page = chi.post(address, {"code": [i.code for i in items]})
    assert [row[0].code for row in page.context["ready"]] == [items[0].code]
    assert [row[1] for row in page.context["left"]] == ["Chưa chọn loại giải pháp.", "Chưa ghi ngày áp dụng lần đầu."]
    with CaptureQueriesContext(connection) as three:
        chi.post(address, {"code": [i.code for i in items]})
    more = [received(cast).code for _n in range(6)]
    with django_assert_num_queries(len(three)):
        chi.post(address, {"code": [*(i.code for i in items), *more]})
    none = chi.post(address, {"code": [items[1].code]}).content.decode()
    assert "Chưa hồ sơ nào công nhận được ngay" in none
    assert 'name="save"' not in none


def test_the_file_of_a_decision_for_many_is_kept_with_each(cast, sign_in):
    items, chi = [received(cast), received(cast)], sign_in(cast.chi)
    sent = {"code": [i.code for i in items], "save": "1", "decided_on": "2022-05-20", "body": "head"}
    file = SimpleUploadedFile("quyet-dinh.png", picture())
    chi.post(reverse("office:dossiers-decide"), {**sent, "decision_number": "7/QĐ-BV", "file": file})
    assert [r.file.name for r in Recognition.objects.all()] == ["quyet-dinh.jpg"] * 2


def test_a_decision_for_many_clicked_twice_is_one_decision(cast, sign_in):
    items, chi = [received(cast), received(cast)], sign_in(cast.chi)
    sent = {"code": [i.code for i in items], "save": "1", "decided_on": "2022-05-20", "body": "head"}
    for _click in range(2):
        page = chi.post(reverse("office:dossiers-decide"), sent, follow=True)
    assert (len(page.context["done"]), page.context["left"]) == (2, [])
    assert {r.decision_number for r in Recognition.objects.all()} == {"01/QĐ-CĐCS"}
    third = received(cast)
    page = chi.post(reverse("office:dossiers-decide"), {**sent, "code": [third.code]}, follow=True)
    assert Recognition.objects.get(initiative=third).decision_number == "02/QĐ-CĐCS"  # no number was lost


def test_a_dossier_changed_under_the_decision_for_many_is_left_out(cast, sign_in):
    good, changed = received(cast), received(cast)
    chi, address = sign_in(cast.chi), reverse("office:dossiers-decide")
    seen = [
        f"{i.code}:{row}" for i, _fault, row in chi.post(address, {"code": [good.code, changed.code]}).context["ready"]
    ]
    dossiers.write(changed, by=cast.binh, revision=changed.revision, applied_where="Khoa Nội")
    sent = {"code": [good.code, changed.code], "seen": seen, "save": "1", "decided_on": "2022-05-20", "body": "head"}
    page = chi.post(address, sent, follow=True)
    assert [r["code"] for r in page.context["done"]] == [good.code]
    assert "đã thay đổi sau khi bạn mở trang" in page.content.decode()


def test_a_decision_from_the_council_names_its_minutes(cast, sign_in):
    items = [received(cast), received(cast)]
    session = opened(cast, *items)
    for place in (1, 2):
        cast_all(cast, session, {"chi": Vote.YES, "binh": Vote.YES, "dung": Vote.YES}, place)
    sessions.close(session, by=cast.binh)
    sessions.sign(session, by=cast.chi)
    chi, address = sign_in(cast.chi), reverse("office:dossiers-decide")
    sent = {"code": [i.code for i in items]}
    assert chi.post(address, sent).context["form"]["body"].value() == "council"
    chi.post(address, {**sent, "save": "1", "decided_on": "2022-05-20", "body": "council"})
    paper = Recognition.objects.first().paper
    words = words_of(paper.docx.stored.read())
    assert "đề nghị của Hội đồng sáng kiến tại Biên bản số 01/BB-CĐCS ngày 20/05/2022" in words


@pytest.mark.parametrize(
    ("state", "who", "steps"),
    [
        ("submitted", "chi", ["receive", "send_back"]),
        ("received", "binh", ["send_back", "pass_up"]),
        ("received", "chi", ["recognise", "send_back", "pass_up", "refuse"]),
        ("", "binh", ["receive", "send_back", "pass_up"]),
        ("recognised", "chi", []),
    ],
)
def test_the_bar_for_many_offers_what_can_be_done_there(cast, sign_in, state, who, steps):
    page = sign_in(getattr(cast, who)).get(reverse("office:initiatives"), {"state": state})
    assert page.context["bulk"] == steps


def test_the_list_names_the_authors(cast, sign_in):
    item = filed(cast)
    Authorship.objects.bulk_create(
        Authorship(initiative=item, name=f"Đồng tác giả {n}", share=0, position=n + 2) for n in range(11)
    )
    assert "Nguyễn Thị An, Đồng tác giả 0 và 10 người nữa" in page_of(sign_in(cast.binh), "office:initiatives")


def test_one_that_resembles_another_and_was_not_compared_is_marked(cast, sign_in):
    items = [received(cast), received(cast)]
    Likeness.objects.create(
        initiative=items[1], other=items[0], share=0.9, of_this=0.9, of_other=0.9, of_title=1, standing=1
    )
    page = sign_in(cast.chi).post(reverse("office:dossiers-decide"), {"code": [i.code for i in items]})
    assert page.context["alike"] == {items[1].pk}
    assert page.content.decode().count("Giống hồ sơ khác, chưa so sánh") == 1
