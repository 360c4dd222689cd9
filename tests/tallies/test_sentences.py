"""Every verdict says its dates, units and dossiers, and what would mend it: one wording for all who read it."""

from datetime import date

import pytest
from django.utils import translation

from tests.cast import SYSTEM
from tests.initiatives.test_dossiers import REASON, filed, recognised
from tests.initiatives.test_reception import received
from tests.sites.member.test_pages import page_of
from tests.tallies.test_sums import make_initiative, make_programme
from thidua.initiatives.domain import dossiers, reception, recognitions
from thidua.ledger import presenters, readers
from thidua.ledger.models import Act
from thidua.programmes.models import Phase
from thidua.tallies import queries
from thidua.tallies.choices import Reason


@pytest.fixture
def programme(cast):
    return make_programme(cast, "TB-YT")


def said(item, reader=None, **fields):
    """Words and mends of the only programme's verdict."""
    for name, value in fields.items():
        setattr(item, name, value)
    (row,) = queries.simulate(item, reader, as_if_recognised=False)
    return [(s.words, s.mend) for s in row.sentences]


def test_dates_are_those_of_the_dossier_and_of_the_programme(cast, programme):
    item = recognised(cast)
    compared = "lần đầu ngày 31/08/2021, chương trình tính từ 01/09/2021 đến hết 30/09/2023"
    assert said(item, first_applied_on=date(2021, 8, 31)) == [
        (
            f"áp dụng trước thời gian chương trình quy định: {compared}",
            "Nếu ngày ấy ghi sai, hãy sửa kèm minh chứng; nếu đúng, chương trình này không tính được sáng kiến.",
        )
    ]
    assert "lần đầu ngày 01/10/2023" in said(item, first_applied_on=date(2023, 10, 1))[0][0]
    assert said(item, first_applied_on=None) == [
        (
            "chưa ghi ngày áp dụng lần đầu",
            "Hãy ghi ngày áp dụng lần đầu; chương trình tính từ 01/09/2021 đến hết 30/09/2023.",
        )
    ]
    ((words, mend),) = said(item, first_applied_on=date(2022, 2, 1), filed_on=date(2023, 12, 1))
    assert words.endswith(": gửi ngày 01/12/2023, các giai đoạn từ 12/01/2022 đến hết 30/09/2023")
    assert "Ngày gửi không sửa được" in mend


def test_the_window_is_that_of_the_phase_where_it_is_narrower(cast, programme):
    Phase.objects.filter(programme=programme, position=1).update(eligible_from=date(2022, 3, 1))
    item = recognised(cast, first_applied_on=date(2022, 2, 1))
    assert "chương trình tính từ 01/03/2022 đến hết 30/09/2023" in said(item)[0][0]


def test_by_the_date_of_application_the_phases_are_compared_with_it(cast, programme):
    programme.phase_by, programme.eligible_from, programme.eligible_to = "applied", None, None
    programme.save()
    Phase.objects.filter(programme=programme, position=1).update(
        ends_on=date(2022, 1, 31), eligible_to=date(2022, 1, 31)
    )
    Phase.objects.filter(programme=programme, position=2).update(
        starts_on=date(2022, 3, 1), eligible_from=date(2022, 3, 1)
    )
    ((words, mend),) = said(recognised(cast, first_applied_on=date(2022, 2, 10)))
    assert words.endswith(": áp dụng lần đầu ngày 10/02/2022, các giai đoạn từ 12/01/2022 đến hết 30/09/2023")
    assert "sửa kèm minh chứng" in mend
    Phase.objects.filter(programme=programme).delete()
    assert "kế hoạch chưa ghi ngày" in said(recognised(cast, first_applied_on=date(2022, 2, 10)))[0][0]


def test_each_step_names_who_and_until_when(cast, programme):
    item = filed(cast)
    office = item.handler.short_name
    assert said(item) == [(f"{office} chưa tiếp nhận", "")]
    reception.receive(item, by=cast.binh)
    assert said(item) == [("chưa có quyết định công nhận", "")]
    reception.send_back(item, by=cast.binh, reason=REASON)
    assert said(item)[0][0] == f"đang chờ tác giả bổ sung, hạn {item.due_on:%d/%m/%Y}"
    late = date(2022, 5, 10)
    assert said(item, due_on=late)[0] == (
        "quá hạn bổ sung mà chưa gửi lại: hạn là 10/05/2022",
        f"Tác giả vẫn gửi lại được; hãy báo {office}.",
    )
    refused = received(cast)
    recognitions.refuse(refused, by=cast.chi, reason=REASON)
    assert said(refused) == [("không được công nhận", "Tác giả có thể viết lại để gửi lần nữa.")]
    marked = received(cast, is_ip_protected=True)
    assert said(marked)[-1][1] == f"Nếu không đúng, đề nghị {office} bỏ dấu này."


def test_a_duplicate_names_its_original_as_far_as_the_reader_may_know(cast, programme):
    copy = recognised(cast)
    original = make_initiative(cast, "NT-KCN-01", cast.khoa, title="Giá treo khuôn")
    dossiers.mark_duplicate(copy, original, by=cast.binh)
    hidden = f"trùng với một sáng kiến khác: hồ sơ {original.code}, xin hỏi {original.handler.short_name}"
    mend = f"Nếu là giải pháp khác, đề nghị {copy.handler.short_name} xem lại kết luận so sánh."
    for reader in (None, cast.an, cast.binh):
        assert said(copy, reader) == [(hidden, mend)]
    own = recognised(cast, title="Hộp chia thuốc theo giờ uống")
    dossiers.mark_duplicate(copy, own, by=cast.binh)
    for reader in (cast.an, cast.binh):
        assert said(copy, reader)[0][0] == f"trùng với một sáng kiến khác: {own.code} «{own.title}»"
    assert own.title not in said(copy, cast.lan)[0][0]


def test_out_of_scope_names_the_unit_the_scope_and_the_day(cast, programme):
    item = recognised(cast)
    unit, owner = item.unit.short_name, programme.unit.short_name
    programme.unit = cast["TB-YT-02"]
    case = queries.Case(programme, item)
    (sentence,) = queries.explain(case, [Reason.OUT_OF_SCOPE])
    day, other = f"{item.filed_on:%d/%m/%Y}", cast["TB-YT-02"].short_name
    assert sentence.words == f"đơn vị không thuộc phạm vi chương trình: ngày {day}, {unit} không trực thuộc {other}"
    assert sentence.mend.startswith(f"Chỉ tính đơn vị trực thuộc {other} vào ngày ấy.")
    programme.unit, programme.is_open = cast["TB-YT"], False
    (sentence,) = queries.explain(case, [Reason.OUT_OF_SCOPE])
    assert sentence.words.endswith(f": chương trình của {owner} không còn mở")


def test_author_office_list_and_history_say_the_same(cast, sign_in, programme):
    item = recognised(cast)
    original = recognised(cast, title="Hộp chia thuốc theo giờ uống")
    readers.drain_all()
    dossiers.mark_duplicate(item, original, by=cast.binh)
    readers.drain_all()
    words = f"trùng với một sáng kiến khác: {original.code} «Hộp chia thuốc theo giờ uống»"
    for who, page in ((cast.an, "member:initiative"), (cast.binh, "office:dossier")):
        assert words in page_of(sign_in(who), page, item.code)
    list_of = (programme.code, item.unit.code)
    assert words in page_of(sign_in(cast.giang), "office:progress-rows", *list_of)
    act = Act.objects.filter(kind="tallies.entry.not_counted", subject_id=item.pk).latest("pk")
    assert f"hồ sơ {original.code}" in presenters.sentence(act)  # anybody reads the history: no title
    assert original.title not in presenters.sentence(act)


def test_a_list_costs_the_same_for_one_duplicate_and_for_many(cast, programme, django_assert_num_queries):
    original = recognised(cast)
    for _n in range(3):
        dossiers.mark_duplicate(recognised(cast), original, by=cast.binh)
    readers.drain_all()
    rows = list(queries.entries(programme, cast["TB-YT"], counted=False).select_related("initiative__handler"))
    assert len(rows) == 3
    with django_assert_num_queries(4):  # the rights of the reader are one of them
        queries.originals_of((e.initiative for e in rows), cast.giang)
    with django_assert_num_queries(0):
        queries.originals_of([original], cast.giang)


def test_every_reason_has_words_in_both_languages(cast, programme):
    item = recognised(cast, first_applied_on=date(2022, 2, 1))
    case = queries.Case(programme, item)
    for language in ("vi", "en"):
        with translation.override(language):
            for reason in Reason:
                (sentence,) = queries.explain(case, [reason])
                assert sentence.words
                assert "%(" not in sentence.words + sentence.mend


def test_a_mark_on_a_dossier_one_may_not_open_stays_when_others_are_saved(cast, sign_in, programme):
    copy = received(cast)
    original = make_initiative(cast, "NT-KCN-01", cast.khoa)
    dossiers.mark_duplicate(copy, original, by=SYSTEM)
    typed = {"duplicate_of": original.code, "is_ip_protected": "on"}
    assert sign_in(cast.binh).post(f"/van-phong/sang-kien/{copy.code}/danh-dau/", typed).status_code == 302
    copy.refresh_from_db()
    assert copy.is_ip_protected
    assert copy.duplicate_of == original
