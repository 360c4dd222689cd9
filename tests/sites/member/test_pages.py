"""A member on the phone: files, is told what is missing, follows, completes; sees nobody else's."""

from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.initiatives.test_dossiers import IDEA, REASON, WHOLE, filed, recognised
from tests.tallies.test_sums import make_programme
from thidua.initiatives.choices import Disclosure, State
from thidua.initiatives.domain import dossiers, reception
from thidua.initiatives.models import Attachment, Initiative


def photo(name="truoc.jpg"):
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def page_of(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.fixture
def an(cast, sign_in):
    return sign_in(cast.an)


@pytest.fixture
def draft(cast):
    return dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **IDEA)


def test_quick_form_files_with_photos(cast, an):
    assert 'name="submission_key"' in page_of(an, "member:file")
    answer = an.post(
        reverse("member:file"), {**IDEA, "submission_key": "k-1", "before": photo(), "act": "send"}, follow=True
    )
    initiative = Initiative.objects.get()
    assert (initiative.state, initiative.unit, initiative.handler) == (
        State.SUBMITTED,
        cast["TB-YT-01-N"],
        cast["TB-YT-01"],
    )
    assert initiative.code in answer.content.decode()
    assert initiative.attachments.get().file.purpose == "photo_before"


def test_the_form_sent_twice_files_once(an):
    for _time in range(2):
        an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    assert Initiative.objects.count() == 1


def test_what_was_typed_and_attached_survives_an_error(an):
    typed = {**IDEA, "title": "Xe", "submission_key": "k-1", "before": photo(), "act": "send"}
    answer = an.post(reverse("member:file"), typed)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "ít nhất 8 ký tự" in words
    assert IDEA["solution"] in words
    assert "truoc.jpg" in words
    an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    initiative = Initiative.objects.get()
    assert (initiative.state, initiative.title) == (State.SUBMITTED, IDEA["title"])
    assert Attachment.objects.filter(initiative=initiative).count() == 1


def test_a_bad_file_is_named_and_the_words_stay(an):
    bad = SimpleUploadedFile("anh.jpg", b"<html><script>", "image/jpeg")
    answer = an.post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "after": bad, "act": "send"})
    assert answer.status_code == 422
    assert "không thuộc loại được nhận" in answer.content.decode()
    assert Initiative.objects.get().state == State.DRAFT


def test_an_unfinished_draft_can_be_kept(an):
    answer = an.post(reverse("member:file"), {"title": "Xe", "submission_key": "k-1", "act": "draft"}, follow=True)
    assert answer.status_code == 200
    assert Initiative.objects.get().title == "Xe"


def test_words_save_themselves_before_anything_is_sent(an):
    saved = an.post(reverse("member:autosave-new"), {"title": "Xe đẩy", "submission_key": "k-1"})
    assert saved.json() == {"revision": 1, "sentence": "Đã lưu nháp."}
    an.post(reverse("member:autosave-new"), {"title": "Xe đẩy thuốc", "submission_key": "k-1"})
    assert Initiative.objects.get().title == "Xe đẩy thuốc"
    assert an.post(reverse("member:autosave-new"), {"submission_key": "k-2"}).json() == {"sentence": ""}
    assert Initiative.objects.count() == 1


def test_screens_follow_one_another_to_the_review(an, draft):
    part = reverse("member:write", args=[draft.code, "noi-dung"])
    answer = an.post(part, {"revision": 1, "kind": "technical", "first_applied_on": "2022-02-01", "act": "next"})
    assert answer.url == reverse("member:write", args=[draft.code, "hieu-qua"])
    answer = an.post(answer.url, {"revision": 2, "effect": "Nhanh hơn.", "benefit": "unknown", "act": "next"})
    assert answer.url == reverse("member:authors", args=[draft.code])
    answer = an.post(answer.url, {"who": str(draft.authorships.get().person_id), "share": "100", "save": "next"})
    assert answer.url == reverse("member:people", args=[draft.code])
    answer = an.post(answer.url, {"rows": "0", "save": "next"})
    assert answer.url == reverse("member:write", args=[draft.code, "cong-nhan"])
    answer = an.post(answer.url, {"revision": 3, "disclosure": "public", "act": "next"})
    assert answer.url == reverse("member:review", args=[draft.code])
    words = an.get(answer.url).content.decode()
    assert "Xem lại trước khi gửi" in words
    draft.refresh_from_db()
    assert (draft.kind, draft.first_applied_on, draft.effect) == ("technical", date(2022, 2, 1), "Nhanh hơn.")


@pytest.mark.parametrize("part", ["y-tuong", "noi-dung", "hieu-qua", "cong-nhan"])
def test_every_screen_opens(an, draft, part):
    assert f'name="revision" value="{draft.revision}"' in page_of(an, "member:write", draft.code, part)


def test_a_stale_screen_keeps_the_words_and_shows_the_newer_ones(cast, an, draft):
    dossiers.write(draft, by=cast.an, revision=1, novelty="Bản ở máy kia")
    address = reverse("member:write", args=[draft.code, "noi-dung"])
    answer = an.post(address, {"revision": 1, "novelty": "Bản ở máy này", "act": "next"})
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "được sửa ở nơi khác" in words
    assert "Bản ở máy kia" in words
    assert "Bản ở máy này" in words
    assert an.post(address, {"revision": 2, "novelty": "Bản ở máy này", "act": "next"}).status_code == 302


def test_autosave_never_overwrites_a_newer_version(cast, an, draft):
    dossiers.write(draft, by=cast.an, revision=1, steps="Hai")
    address = reverse("member:autosave", args=[draft.code, "noi-dung"])
    said = an.post(address, {"revision": 1, "steps": "Một"}).json()
    assert "revision" not in said
    assert said["stale"] is True
    assert "sửa ở nơi khác" in said["sentence"]
    assert an.post(address, {"revision": 2, "steps": "Ba"}).json()["revision"] == 3


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(cast, an, draft):
    """The first save arrived, its answer did not: the next one still carries the version from before."""
    address = reverse("member:autosave", args=[draft.code, "noi-dung"])
    lost, next_one = {"revision": 1, "steps": "Một"}, {"revision": 1, "steps": "Một, hai", "novelty": "Mới"}
    assert an.post(address, lost).json()["revision"] == 2
    assert an.post(address, next_one).json()["stale"] is True  # this alone could be anybody's
    said = an.post(address, {**next_one, "own": [urlencode(lost), urlencode({"steps": "Chưa tới"})]}).json()
    assert said == {"revision": 3, "sentence": "Đã lưu nháp."}
    draft.refresh_from_db()
    assert (draft.steps, draft.novelty) == ("Một, hai", "Mới")


def test_a_screen_sent_after_a_lost_answer_goes_on(an, draft):
    address = reverse("member:write", args=[draft.code, "noi-dung"])
    lost = {"revision": 1, "steps": "Một"}
    an.post(reverse("member:autosave", args=[draft.code, "noi-dung"]), lost)
    screen = {"revision": 1, "steps": "Một, hai", "act": "next"}
    assert an.post(address, screen).status_code == 409
    assert an.post(address, {**screen, "own": urlencode(lost)}).status_code == 302
    draft.refresh_from_db()
    assert draft.steps == "Một, hai"


def test_words_of_a_second_tab_are_told_whatever_this_one_has_sent(cast, an, draft):
    address = reverse("member:autosave", args=[draft.code, "noi-dung"])
    an.post(address, {"revision": 1, "steps": "Một"})
    dossiers.write(draft, by=cast.an, revision=2, steps="Ở thẻ kia")
    for own in ([], [urlencode({"steps": "Một"})], [""], [urlencode({"revision": "2", "steps": "Khác"})]):
        said = an.post(address, {"revision": 1, "steps": "Một, hai", "own": own}).json()
        assert said["stale"] is True, own
    draft.refresh_from_db()
    assert (draft.steps, draft.revision) == ("Ở thẻ kia", 3)


def test_a_late_save_of_older_words_changes_nothing(an, draft):
    address = reverse("member:autosave", args=[draft.code, "noi-dung"])
    an.post(address, {"revision": 1, "steps": "Một, hai"})
    assert an.post(address, {"revision": 1, "steps": "Một"}).json()["stale"] is True
    draft.refresh_from_db()
    assert draft.steps == "Một, hai"


def test_the_quick_form_sent_while_it_saves_itself_meets_no_conflict(cast, an, monkeypatch):
    """The save of the same form lands between the reading and the writing of the one that was sent."""
    address, form = reverse("member:autosave-new"), {"title": "Xe đẩy thuốc", "submission_key": "k-9"}
    an.post(address, form)
    real, once = dossiers.write, []

    def write(item, **given):
        if not once:
            once.append(item)
            real(Initiative.objects.get(pk=item.pk), by=cast.an, revision=item.revision, title="Xe đẩy thuốc ba")
        return real(item, **given)

    monkeypatch.setattr(dossiers, "write", write)
    assert an.post(address, {**form, "title": "Xe đẩy thuốc ba tầng"}).json()["sentence"] == "Đã lưu nháp."
    assert Initiative.objects.get(submission_key="k-9").title == "Xe đẩy thuốc ba tầng"


def test_a_late_save_of_the_quick_form_brings_no_older_words_back(an):
    address = reverse("member:autosave-new")
    form = {"submission_key": "k-9", "revision": 0}
    first, second, third = ({**form, "title": title} for title in ("Xe đẩy", "Xe đẩy thuốc", "Xe đẩy thuốc ba tầng"))
    assert an.post(address, second).json()["revision"] == 1  # the first one was cut on its way
    assert an.post(address, first).json()["stale"] is True  # and comes now
    assert an.post(address, {**third, "revision": 1}).json()["revision"] == 2
    assert an.post(address, {**second, "revision": 1}).json()["stale"] is True
    assert Initiative.objects.get().title == "Xe đẩy thuốc ba tầng"
    page_ = page_of(an, "member:file")
    assert 'name="revision" value="0"' in page_


def test_a_quick_form_whose_answers_were_lost_knows_its_own_words(an):
    address, lost = reverse("member:autosave-new"), {"submission_key": "k-9", "revision": 0, "title": "Xe đẩy"}
    an.post(address, lost)
    newer = {**lost, "title": "Xe đẩy thuốc"}
    assert an.post(address, newer).json()["stale"] is True
    assert an.post(address, {**newer, "own": urlencode(lost)}).json()["revision"] == 2
    sent = {**IDEA, "submission_key": "k-9", "revision": 0, "act": "send", "own": [urlencode(lost), urlencode(newer)]}
    assert an.post(reverse("member:file"), sent).status_code == 302
    item = Initiative.objects.get()
    assert (item.state, item.title) == (State.SUBMITTED, IDEA["title"])


def test_a_quick_form_sent_over_words_of_another_tab_shows_both(an):
    other = {"submission_key": "k-9", "revision": 0, "title": "Ở thẻ kia gõ khác hẳn"}
    an.post(reverse("member:autosave-new"), other)
    sent = {**IDEA, "submission_key": "k-9", "revision": 0, "act": "send", "after": photo()}
    told = an.post(reverse("member:file"), sent)
    assert told.status_code == 409
    both = told.content.decode()
    for words in ("sửa ở nơi khác", other["title"], IDEA["title"], IDEA["solution"], 'name="revision" value="1"'):
        assert words in both
    assert Initiative.objects.get().attachments.count() == 1
    again = {**IDEA, "submission_key": "k-9", "revision": 1, "act": "send"}
    assert an.post(reverse("member:file"), again).status_code == 302
    assert Initiative.objects.get().title == IDEA["title"]


def test_co_authors_are_found_added_and_shares_must_add_up(cast, an, draft):
    address, me, dung = reverse("member:authors", args=[draft.code]), str(cast.an.pk), str(cast.dung.pk)
    found = an.post(address, {"who": me, "share": "100", "q": "tran dung", "find": "1"}).content.decode()
    assert "Trần Văn Dũng" in found
    assert cast.dung.phone not in found
    added = an.post(address, {"who": me, "share": "100", "q": "tran dung", "add": dung}).content.decode()
    assert f'name="who" value="{dung}"' in added
    refused = an.post(address, {"who": [me, dung], "share": ["60", "39"], "save": "next"})
    assert refused.status_code == 422
    assert "Tổng tỷ lệ đóng góp là 99 %" in refused.content.decode()
    an.post(address, {"who": [me, dung], "share": ["60", "40"], "save": "next"})
    assert [str(a.share) for a in draft.authorships.all()] == ["60.00", "40.00"]


def test_nobody_of_another_union_can_be_named_by_number(cast, an, draft):
    address = reverse("member:authors", args=[draft.code])
    shown = an.post(address, {"who": str(cast.an.pk), "share": "100", "add": str(cast.lan.pk)}).content.decode()
    assert cast.lan.full_name not in shown


def test_a_co_author_confirms_the_own_share(cast, sign_in, an, draft):
    dossiers.share_out(draft, [(cast.an, 60), (cast.dung, 40)], by=cast.an)
    dung = sign_in(cast.dung)
    assert "Xác nhận tỷ lệ đồng tác giả" in page_of(dung, "member:home")
    dung.post(reverse("member:confirm-share", args=[draft.code]))
    assert draft.authorships.get(person=cast.dung).confirmed_at
    assert "Xác nhận tỷ lệ đồng tác giả" not in page_of(dung, "member:home")


def test_the_reason_of_a_return_comes_first(cast, an):
    initiative = filed(cast)
    reception.send_back(initiative, by=cast.binh, reason=REASON)
    words = page_of(an, "member:home")
    assert words.index(REASON) < words.index("big-action")
    words = page_of(an, "member:initiative", initiative.code)
    assert words.index(REASON) < words.index("Bước hiện tại")
    an.post(reverse("member:step", args=[initiative.code]), {"step": "submit"})
    assert Initiative.objects.get().state == State.SUBMITTED


def test_a_dossier_says_where_it_stands_who_holds_it_and_until_when(cast, an):
    words = page_of(an, "member:initiative", filed(cast).code)
    for sentence in ("chờ công đoàn tiếp nhận", "Cán bộ công đoàn cơ sở tiếp nhận", "27/05/2022", "đã gửi sáng kiến"):
        assert sentence in words


def test_whether_it_would_count_is_told_while_it_is_written_and_once_it_is_sent(cast, an, draft, sign_in):
    make_programme(cast, "TB-YT")
    words = an.get(reverse("member:would-count-new")).content.decode()
    assert "chưa ghi ngày áp dụng lần đầu" in words
    assert "chương trình tính từ 01/09/2021 đến hết 30/09/2023" in words
    address = reverse("member:would-count", args=[draft.code])
    assert "Giai đoạn 1" in an.get(address, {"first_applied_on": "2022-02-01"}).content.decode()
    early = an.get(address, {"first_applied_on": "2021-08-31"}).content.decode()
    assert "lần đầu ngày 31/08/2021" in early
    assert an.get(address, {"first_applied_on": "31/0"}).status_code == 200
    draft.refresh_from_db()
    assert draft.first_applied_on is None  # nothing was saved
    assert sign_in(cast.dung).get(address).status_code == 404


def test_what_is_missing_is_said_when_it_is_sent(cast, an):
    bare = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, title="Xe đẩy thuốc mới")
    assert "Hãy mô tả vấn đề" in page_of(an, "member:review", bare.code)
    answer = an.post(reverse("member:step", args=[bare.code]), {"step": "submit"}, follow=True)
    assert "Hãy mô tả vấn đề" in answer.content.decode()
    assert Initiative.objects.get().state == State.DRAFT


def test_withdrawing_ends_it(cast, an):
    initiative = filed(cast)
    an.post(reverse("member:step", args=[initiative.code]), {"step": "withdraw"})
    assert "Bạn đã rút" in page_of(an, "member:initiative", initiative.code)


def test_the_author_opens_it_to_the_public(cast, an):
    initiative = recognised(cast)
    an.post(reverse("member:disclose", args=[initiative.code]), {"disclosure": "public"})
    assert Initiative.objects.get().disclosure == Disclosure.PUBLIC
    assert an.post(reverse("member:disclose", args=[initiative.code]), {"disclosure": "x"}).status_code == 404


def test_files_are_added_and_dropped(an, draft):
    an.post(reverse("member:attach", args=[draft.code]), {"kind": "photo-after", "file": photo()})
    kept = draft.attachments.get()
    assert kept.file.name in page_of(an, "member:write", draft.code, "hieu-qua")
    an.post(reverse("member:detach", args=[draft.code, kept.pk]))
    assert not draft.attachments.exists()


@pytest.mark.parametrize("who", ["dung", "binh", "lan", "quy"])
def test_somebody_elses_dossier_does_not_exist_here(cast, sign_in, draft, who):
    client = sign_in(getattr(cast, who))
    reads = [("initiative", []), ("review", []), ("authors", []), ("sent", []), ("write", ["noi-dung"])]
    for name, more in reads:
        assert client.get(reverse(f"member:{name}", args=[draft.code, *more])).status_code == 404, name
    for name, more in [("step", []), ("attach", []), ("disclose", []), ("autosave", ["noi-dung"])]:
        assert client.post(reverse(f"member:{name}", args=[draft.code, *more])).status_code == 404, name
    assert draft.code not in page_of(client, "member:initiatives")


def test_nobody_can_open_anothers_draft_by_its_form_key(cast, sign_in):
    dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, submission_key="k-1", **IDEA)
    answer = sign_in(cast.dung).post(reverse("member:file"), {**IDEA, "submission_key": "k-1", "act": "send"})
    assert answer.status_code == 422
    assert Initiative.objects.get().state == State.DRAFT


def test_a_list_costs_the_same_for_one_and_for_five(cast, an, draft, django_assert_max_num_queries):
    page_of(an, "member:initiatives")
    with django_assert_max_num_queries(12) as one:
        page_of(an, "member:initiatives")
    for _n in range(4):
        dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, **{**IDEA, **WHOLE})
    with django_assert_max_num_queries(12) as five:
        page_of(an, "member:initiatives")
    assert len(one) == len(five)


def test_my_list_finds_with_and_without_accents(an, draft):
    assert draft.code in page_of(an, "member:initiatives", q="xe day thuoc")
    assert draft.code in page_of(an, "member:initiatives", q="Xe đẩy")
    assert draft.code not in page_of(an, "member:initiatives", q="máy bay")
    assert draft.code not in page_of(an, "member:initiatives", state="refused")


def test_profile_and_an_empty_home(cast, sign_in):
    client = sign_in(cast.khoa)
    assert cast.khoa.code in page_of(client, "member:profile")
    assert "Bạn chưa gửi sáng kiến nào" in page_of(client, "member:home")


def test_pages_ask_for_signing_in(client, db):
    for name in ("home", "file", "initiatives", "profile", "claim"):
        assert client.get(reverse(f"member:{name}")).status_code == 302
