"""Finding what one may see, and nothing else."""

import io
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
from django.urls import reverse

from tests.cast import SINCE, SYSTEM
from tests.initiatives.test_dossiers import IDEA, filed, recognised
from tests.review.test_councils import council_of, opened
from tests.similarity.test_comparisons import neighbours
from thidua.initiatives import rules
from thidua.initiatives.choices import Disclosure
from thidua.initiatives.domain import dossiers, library, reception, recognitions, scopes
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.ledger import readers
from thidua.notify.models import Notice
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.review.domain import councils
from thidua.review.models import Case
from thidua.search import queries, terms
from thidua.search.choices import Place
from thidua.search.domain import checking, indexing, postings, reading, rebuilding, saved, vocabulary
from thidua.search.models import Document, SavedSearch
from thidua.search.queries import Wanted, index, spelling
from thidua.sites.shell.destinations import url_of

PLAIN = {"problem_before": "Đi lại nhiều lần trong ngày.", "solution": "Hàn lại khung xe cũ cho gọn."}


def published(cast, **fields) -> Initiative:
    item = recognised(cast, **{**PLAIN, **fields})
    library.set_disclosure(item, Disclosure.PUBLIC, by=cast.an)
    return item


def found(**wanted) -> list[str]:
    readers.drain("search")
    return [row.title for row in queries.public_rows(queries.library(Wanted(**wanted)).numbers())]


def found_by(person, words="", home=None, **wanted) -> list[int]:
    readers.drain("search")
    return queries.office(Wanted(words=words, **wanted), person, home).numbers()


def test_the_accented_title_comes_first_then_text_then_other_words(cast):
    titles = ["Cải tiến xe dạy thuộc bài", "Giá treo dịch truyền mới", "Xe đẩy thuốc cho khoa Nội"]
    for title in titles:
        published(cast, title=title, solution="Dùng với xe đẩy thuốc." if "Giá" in title else PLAIN["solution"])
    assert found(words="xe đẩy thuốc") == [titles[2], titles[1], titles[0]]
    assert found(words="XE DAY THUOC")[-1] == titles[1]
    assert found(words="xe đẩy thuốc", unit=cast["TB-YT-02"]) == []


def test_words_may_stand_apart_but_a_phrase_may_not(cast):
    published(cast, title="Tủ thuốc có bánh xe để đẩy")
    assert found(words="đẩy xe thuốc") == ["Tủ thuốc có bánh xe để đẩy"]
    assert found(words='"đẩy xe thuốc"') == []
    assert found(words='"bánh xe để đẩy"') == ["Tủ thuốc có bánh xe để đẩy"]
    published(cast, title="Bánh xe để rời và để đẩy", solution="Có bánh xe để trong kho, xe để đẩy riêng.")
    assert found(words='"bánh xe để đẩy"') == ["Tủ thuốc có bánh xe để đẩy"]


def test_filters_and_facets(cast):
    published(cast, title="Xe đẩy thuốc ba tầng", kind="technical", field="Điều dưỡng")
    published(cast, title="Lịch trực bằng bảng tính", kind="managerial", field="Công nghệ thông tin")
    assert found(kind="managerial") == ["Lịch trực bằng bảng tính"]
    assert found(field="Điều dưỡng") == ["Xe đẩy thuốc ba tầng"]
    assert len(found(year=2022, scope="grassroots", unit=cast["TB"])) == 2
    assert found(year=2021) == []
    assert len(found(benefit="10")) == 2
    assert found(benefit="100") == []
    facets = queries.library(Wanted(year=2022)).facets
    assert dict(facets["kind"]) == {"technical": 1, "managerial": 1}
    assert facets["year"] == [("2022", 2)]


def test_by_author_and_by_code(cast):
    item = published(cast)
    assert found(words="nguyen thi an") == [item.title]
    assert found(words=item.code.lower()) == [item.title]


def test_the_library_knows_nothing_of_what_is_not_public(cast):
    item = published(cast, novelty="Điểm mới là khay nam châm.", confidential="Công thức hợp kim bí truyền.")
    assert found(words="khay nam châm") == []
    assert found(words="hợp kim bí truyền") == []
    assert found_by(cast.binh, "khay nam châm") == [item.pk]
    assert found_by(cast.binh, "hợp kim bí truyền") == []
    recognitions.revoke(item.recognitions.get(), by=cast.chi, reason="Xác minh lại: không đúng tác giả.")
    assert found(words="xe đẩy") == []
    assert terms.PUBLIC not in Document.objects.get().places
    assert not index.read([terms.PUBLIC])[terms.PUBLIC]


def test_what_an_author_has_sealed_is_found_in_the_office_only(cast):
    item = published(cast, solution="Dùng khay nam châm hút ba chiều.", sealed=["solution"])
    assert found(words="khay nam châm") == []
    assert found(words='"khay nam châm hút"') == []
    assert found_by(cast.binh, '"khay nam châm hút"') == [item.pk]
    assert found_by(cast.giang, "khay nam châm") == []
    Initiative.objects.filter(pk=item.pk).update(sealed=[])
    indexing.index([item.pk])
    Initiative.objects.filter(pk=item.pk).update(sealed=["solution"])  # sealed a moment ago, not yet indexed
    assert found(words='"khay nam châm hút"') == []


@pytest.mark.parametrize(
    "kept", [{"sealed": ["solution"]}, {"disclosure": Disclosure.COUNCIL}], ids=["a part", "everything"]
)
def test_sealed_words_are_found_by_those_who_examine_and_nobody_else(cast, kept):
    item = filed(
        cast, **{**PLAIN, "title": "Xe đẩy thuốc ba tầng", "solution": "Dùng khay nam châm hút ba chiều.", **kept}
    )
    sealed = ["nam châm", "nam cham hut", "chiều hút khay", '"khay nam châm hút"', "xe đẩy nam châm"]
    for words in sealed:
        for reader in (cast.binh, cast.chi, cast.dung):  # the office in charge and its council
            assert found_by(reader, words) == [item.pk], (reader, words)
        for reader in (cast.giang, cast.hanh, cast.phuc, cast.minh, cast.lan):  # offices above, audit, a neighbour
            assert found_by(reader, words) == [], (reader, words)
    for reader in (cast.binh, cast.giang, cast.phuc, cast.minh):
        assert found_by(reader, "xe đẩy thuốc") == [item.pk]
        assert found_by(reader, item.code) == [item.pk]
    assert queries.office(Wanted(words="xe đẩy thuốc"), cast.binh).total == 1  # open to all and kept: one dossier
    assert found_by(cast.giang, "nguyen thi an") == [item.pk]


def test_a_phrase_is_not_looked_up_in_a_part_that_is_kept(cast):
    scattered = "Có khay nam. Rồi nam châm. Và châm hút."
    item = filed(cast, **PLAIN, effect=scattered, novelty="Khay nam châm hút.", sealed=["novelty"])
    assert found_by(cast.giang, "khay nam châm hút") == [item.pk]
    assert found_by(cast.giang, '"khay nam châm hút"') == []
    assert found_by(cast.binh, '"khay nam châm hút"') == [item.pk]


def test_the_office_it_is_passed_up_to_finds_what_is_sealed_from_then_on(cast):
    item = filed(cast, **PLAIN, novelty="Khay nam châm hút ba chiều.", sealed=["novelty"])
    assert found_by(cast.giang, "nam châm") == []
    assert found_by(cast.hanh, "nam châm") == []
    reception.receive(item, by=cast.binh)
    reception.pass_up(item, by=cast.binh, reason="Vượt thẩm quyền của cơ sở.")
    assert found_by(cast.giang, "nam châm") == [item.pk]
    assert found_by(cast.phuc, "nam châm") == []
    assert found_by(cast.binh, "nam châm") == [item.pk]


def test_a_unit_asked_for_a_wider_scope_examines_too_and_so_do_its_council_and_the_authors(cast):
    item = recognised(cast, **PLAIN, novelty="Khay nam châm hút ba chiều.", sealed=["novelty"])
    assert found_by(cast.phuc, "nam châm") == []
    scopes.propose(item, cast["TB"], by=cast.chi, grounds="Hiệu quả rõ, nhân rộng được trong toàn tỉnh.")
    assert found_by(cast.phuc, "nam châm") == [item.pk]
    council = council_of(cast)
    assert council.unit == cast["TB-YT-01"]
    rosters.appoint(cast.an, cast["TB-YT"], "auditor", since=SINCE, by=SYSTEM)  # an author with no desk
    author = Person.objects.get(pk=cast.an.pk)
    assert found_by(author, "nam châm") == [item.pk]
    assert found_by(cast.minh, "nam châm") == []
    councils.seat(council, cast.minh, by=cast.binh)
    assert found_by(cast.minh, "nam châm") == [item.pk]


def test_what_waits_for_ones_council_is_found_whoever_is_in_charge_now(cast):
    item = filed(cast, **PLAIN, novelty="Khay nam châm hút ba chiều.", sealed=["novelty"])
    reception.receive(item, by=cast.binh)
    rosters.appoint(cast.lan, cast["TB-YT"], "auditor", since=SINCE, by=SYSTEM)
    session = opened(cast, item)  # Lan, of another hospital, sits in its council
    reader = Person.objects.get(pk=cast.lan.pk)
    Initiative.objects.filter(pk=item.pk).update(handler=cast["TB-YT-03"])  # another unit has taken it over since
    indexing.index([item.pk])
    assert rules.may_examine(reader, Initiative.objects.get(pk=item.pk))
    assert found_by(reader, "nam châm") == [item.pk]
    assert found_by(reader, '"khay nam châm"') == [item.pk]
    assert found_by(cast.minh, "nam châm") == []
    Case.objects.filter(session=session).update(outcome="passed")
    assert not rules.may_examine(reader, Initiative.objects.get(pk=item.pk))
    assert found_by(reader, "nam châm") == []


def test_a_stale_document_shows_nothing_that_ceased_to_be_public(cast):
    item = published(cast)
    readers.drain("search")
    Initiative.objects.filter(pk=item.pk).update(disclosure=Disclosure.COUNCIL)
    numbers = queries.library(Wanted(words="xe đẩy")).numbers()
    assert numbers == [item.pk]
    assert queries.public_rows(numbers) == []


def test_the_office_finds_within_its_rights_only(cast):
    own, other = filed(cast), neighbours(cast, public=False)
    assert found_by(cast.binh, "thuoc ba tang") == [own.pk]
    assert found_by(cast.lan, "thuoc ba tang") == [other.pk]
    assert set(found_by(cast.giang, "thuoc ba tang")) == {own.pk, other.pk}
    assert found_by(cast.giang, "thuoc ba tang", home=cast["TB-YT-02"]) == [other.pk]
    assert found_by(cast.khoa, "thuoc ba tang") == []
    assert found_by(cast.an, "thuoc ba tang") == []
    draft = dossiers.start(cast.an, cast["TB-YT-01"], by=cast.an, **{**IDEA, "title": "Nháp thuốc ba tầng"})
    dossiers.withdraw(own, by=cast.an)
    assert found_by(cast.binh, "thuoc ba tang") == []
    assert not Document.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    "typed", ["'", "a' | 'b", "!xe & (", "\\", ":*", "SK-'", "sk-\\x00", '"', '""', "\x00", "  ", "—"]
)
def test_operators_are_only_words(cast, typed):
    filed(cast)
    found(words=typed)
    found_by(cast.binh, typed)


def test_counts_are_exact_and_every_page_is_there(cast, client):
    items = [published(cast, title=f"Xe đẩy thuốc số {n} của khoa") for n in range(41)]
    readers.drain("search")
    hits = queries.library(Wanted(words="xe đẩy"))
    assert (hits.total, hits.is_more) == (41, False)
    newest = [i.pk for i in reversed(items)]
    assert hits.numbers() == newest
    assert [hits.numbers(at, at + 7) for at in (0, 17, 38, 41)] == [newest[:7], newest[17:24], newest[38:], []]
    met, cursor = [], ""
    for _page in range(3):
        numbers, page = queries.page_of(hits, cursor, 18)
        met, cursor = [*met, *numbers], page.next
    assert (met, cursor) == (newest, "")
    last = client.get(reverse("portal:library"), {"q": "xe đẩy", "cursor": "36"}).content.decode()
    assert items[0].code in last
    assert "41 sáng kiến" in last


def test_of_one_rank_the_newest_year_stands_first_though_it_came_earlier(cast):
    new, old = published(cast, title="Xe đẩy thuốc mới"), published(cast, title="Xe đẩy thuốc cũ")
    Initiative.objects.filter(pk=old.pk).update(filed_on=date(2019, 5, 1))
    indexing.index([new.pk, old.pk])
    assert found(words="xe đẩy thuốc") == [new.title, old.title]
    assert [year for year, _n in queries.library(Wanted(words="xe đẩy")).facets["year"]] == ["2022", "2019"]


def test_a_list_with_conditions_of_its_own_counts_what_meets_them(cast, sign_in):
    late, early = filed(cast), filed(cast, title="Xe đẩy thuốc hai tầng")
    Initiative.objects.filter(pk=late.pk).update(due_on=date(2020, 1, 1))
    readers.drain("search")
    asked = {"q": "xe đẩy", "state": "qua-han"}
    words = sign_in(cast.binh).get(reverse("office:initiatives"), asked).content.decode()
    assert late.code in words
    assert early.code not in words
    assert "1 hồ sơ" in words


def test_the_office_too_shows_exact_dau_first(cast, sign_in):
    titles = ["Xe đẩy thuốc cho khoa Nội", "Cải tiến xe dạy thuộc bài", "Giá treo dịch truyền mới"]
    for title in titles:
        filed(cast, **{**PLAIN, "title": title}, **({"effect": "Dùng với xe đẩy thuốc."} if "Giá" in title else {}))
    readers.drain("search")

    def shown(**asked) -> list[str]:
        words = sign_in(cast.binh).get(reverse("office:initiatives"), {"q": "xe đẩy thuốc", **asked}).content.decode()
        return sorted((t for t in titles if t in words), key=words.index)

    assert shown() == [titles[0], titles[2], titles[1]]
    assert shown(order="moi") == titles[::-1]
    assert shown(state="recognised") == []


def test_a_search_is_a_handful_of_queries(cast, django_assert_max_num_queries):
    published(cast)
    readers.drain("search")
    with django_assert_max_num_queries(16):
        queries.library(Wanted(words="xe đẩy thuốc"))


def test_moving_a_unit_moves_what_was_found_there(cast):
    item = filed(cast)
    found_by(cast.binh)
    Document.objects.all().delete()
    reading.reindex_below(cast["TB-YT"].pk)
    assert found_by(cast.giang, "xe đẩy") == [item.pk]
    Document.objects.all().delete()
    assert rebuilding.catch_up() == 1


def test_suggestions_and_spelling_come_from_public_titles_only(cast, client):
    published(cast, title="Tiết kiệm điện chiếu sáng nhà xưởng")
    recognised(cast, title="Tiết kiệm vật tư mật của phòng mổ")
    vocabulary.refresh()
    assert spelling.suggestions("tiet k")[0].startswith("tiết kiệm điện")
    assert not any("mật" in words for words in spelling.suggestions("tiết kiệm"))
    assert spelling.did_you_mean("tiêt kiệmm diện") == "tiết kiệm điện"
    assert spelling.did_you_mean("tiết kiệm") == ""
    assert "tiết kiệm điện" in client.get(reverse("portal:library-suggest"), {"q": "tiet"}).content.decode()


def test_saved_searches(cast, sign_in, client):
    with pytest.raises(Refused, match="bộ lọc nào"):
        saved.keep(cast.binh, Place.LIBRARY, "Trống", "cursor=20&x=1")
    binh = sign_in(cast.binh)
    address = reverse("portal:search-keep")
    answer = binh.post(address, {"place": "library", "name": "Xe", "asked": "q=xe&cursor=18&evil=1"}, follow=True)
    assert SavedSearch.objects.get().asked == "q=xe"
    assert "Đã lưu tìm kiếm «Xe»" in answer.content.decode()
    assert client.post(address, {"name": "Xe", "asked": "q=xe"}).status_code == 302
    sign_in(cast.chi).post(reverse("portal:search-drop", args=[SavedSearch.objects.get().pk]))
    assert SavedSearch.objects.exists()
    binh.post(reverse("portal:search-drop", args=[SavedSearch.objects.get().pk]))
    assert not SavedSearch.objects.exists()


def test_whoever_keeps_a_search_is_told_once_of_what_it_finds_anew(cast, sign_in):
    published(cast, title="Xe đẩy thuốc ba tầng")
    readers.drain_all()
    keep = reverse("portal:search-keep")
    khoa, binh = sign_in(cast.khoa), sign_in(cast.binh)
    khoa.post(keep, {"place": "library", "name": "Xe", "asked": "q=xe+đẩy", "told": "on"})
    khoa.post(keep, {"place": "library", "name": "Thôi báo", "asked": "q=xe"})
    binh.post(keep, {"place": "office", "name": "Của viện", "asked": "q=xe+đẩy&state=submitted", "told": "on"})
    saved.tell_new()
    told = Notice.objects.filter(kind="search.found")
    assert not told.exists()  # what was there when it was kept is no news
    new, waiting = published(cast, title="Xe đẩy dụng cụ gấp gọn"), filed(cast, title="Xe đẩy bình ô-xy", **PLAIN)
    filed(cast, title="Bảng phân ca trực", **PLAIN)
    readers.drain_all()
    for _morning in range(2):
        saved.tell_new()
    mine, office = told.get(person=cast.khoa), told.get(person=cast.binh)
    assert mine.headline == "Tìm kiếm đã lưu «Xe» có 1 kết quả mới."
    assert mine.body == f"{new.code} Xe đẩy dụng cụ gấp gọn"  # a dossier that is not public is none of theirs
    assert office.body == f"{waiting.code} Xe đẩy bình ô-xy"
    assert khoa.get(url_of(mine)).url == f"{reverse('portal:library')}?q=xe+%C4%91%E1%BA%A9y"
    assert binh.get(url_of(mine)).status_code == 404


def test_the_library_page(cast, client, sign_in):
    published(cast, title="Xe đẩy thuốc ba tầng", field="Điều dưỡng")
    published(cast, title="Lịch trực bằng bảng tính", kind="managerial")
    readers.drain_all()
    vocabulary.refresh()
    page = reverse("portal:library")
    words = client.get(page, {"q": "xe đẩy"}).content.decode()
    assert "1 sáng kiến" in words
    assert "Lịch trực" not in words
    assert "Lịch trực" in client.get(page, {"kind": "managerial", "year": "2022"}).content.decode()
    assert "Không thấy sáng kiến nào" in client.get(page, {"q": "tàu vũ trụ"}).content.decode()
    assert "Có phải bạn muốn tìm" in client.get(page, {"q": "xee day"}).content.decode()
    for odd in ({"year": "9999999"}, {"unit": "KHONG"}, {"kind": "x"}, {"cursor": "abc"}, {"q": "xe", "cursor": "-5"}):
        assert client.get(page, odd).status_code == 200
    assert client.get(reverse("portal:library-export"), {"q": "xe"}).status_code == 302


def rows_of(answer) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_export_keeps_formulas_as_words(cast, sign_in):
    published(cast, title='=HYPERLINK("http://x";"Xe đẩy thuốc")')
    readers.drain_all()
    answer = sign_in(cast.binh).get(reverse("portal:library-export"), {"q": "xe đẩy"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [c for row in sheet.iter_rows() for c in row if c.value and "HYPERLINK" in str(c.value)]
    assert [c.data_type for c in cells] == ["s"]


def test_the_office_list_searches_and_exports(cast, sign_in):
    own, other = filed(cast), neighbours(cast, public=False)
    readers.drain_all()
    binh, page = sign_in(cast.binh), reverse("office:initiatives")
    words = binh.get(page, {"q": "thuoc ba tang"}).content.decode()
    assert own.code in words
    assert "1 hồ sơ" in words
    assert other.code not in words
    assert own.code in binh.get(page, {"q": own.code}).content.decode()
    assert own.code not in binh.get(page, {"q": "thuốc", "state": "recognised"}).content.decode()
    assert own.code not in binh.get(page, {"q": "thuốc", "state": "qua-han"}).content.decode()
    for asked in ({"q": "thuoc"}, {}):
        exported = str(rows_of(binh.get(reverse("office:initiatives-export"), asked)))
        assert own.code in exported
        assert other.code not in exported
    assert binh.get(f"{page}?q={quote('không có gì')}").status_code == 200


def test_what_the_index_lost_or_made_up_is_told(cast):
    one, two = filed(cast), filed(cast, title="Giá treo dịch truyền mới")
    readers.drain("search")
    assert list(checking.faults(10)) == []
    slot = Document.objects.get(pk=one.pk).slot
    for terms_of, words in (
        (["w:xe_day"], f"search document {one.pk} is not found by w:xe_day"),
        ([terms.FOUND], f"slot {slot} of the search index is not found by everything"),
    ):
        changes = postings.Changes(1 << 30)
        changes.lose(terms_of, slot)
        postings.write(changes)
        assert words in checking.faults(10)
    Initiative.objects.filter(pk=two.pk).update(title="Giá khác")
    assert f"search document {two.pk} is out of date" in checking.faults(10)
