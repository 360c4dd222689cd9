"""Initiatives by Excel: each belongs to its author; a file may be sent again; attachments come in a ZIP."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.exchange.sheets import apply, faults, give, tally, xlsx
from tests.sites.member.test_pages import page_of, photo
from thidua.exchange.domain import uploads, work
from thidua.initiatives import rules
from thidua.initiatives.choices import Channel, State
from thidua.initiatives.domain import dossiers, lists, packages, reception
from thidua.initiatives.models import AwaitedFile, FilePackage, Initiative, PackedFile
from thidua.kernel.sheets import importers
from thidua.kernel.verdicts import Forbidden, Refused, no
from thidua.ledger import readers
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.people.domain import rosters
from thidua.people.models import Person
from thidua.workflow.engine import Workflow

HEAD = [
    "Mã đoàn viên", "Họ và tên tác giả", "SĐT", "Tên sáng kiến", "Trước khi có sáng kiến", "Đã làm khác đi",
    "Loại giải pháp", "Ngày áp dụng lần đầu", "Hiệu quả", "Tiền làm lợi", "Đồng tác giả", "Tệp đính kèm",
    "Người lao động đồng ý",
]  # fmt: skip
WORDS = ["Phải đi lại nhiều lần mỗi ca trực.", "Đặt kệ thuốc ngay đầu mỗi buồng bệnh."]


def row(title="Kệ thuốc đầu buồng bệnh", name="Nguyễn Thị An", code="", phone="", others="", files="", consent="Có"):
    more = ["Giải pháp kỹ thuật", "01/02/2022", "Bớt 40 phút mỗi ca.", "24.000.000 đ"]
    return [code, name, phone, title, *WORDS, *more, others, files, consent]


def sent(cast, *rows, by="binh"):
    return give("initiatives", xlsx(HEAD, *rows), unit=cast["TB-YT-01"], by=getattr(cast, by))


def test_each_belongs_to_its_author_and_waits_to_be_received(cast):
    upload = sent(cast, row(code="DV001"), row("Bảng phân ca trên điện thoại", "Trần Văn Dũng", phone="0900000002"))
    assert tally(upload) == (2, 0, 0, 0)
    apply(upload, by=cast.binh)
    items = {i.title: i for i in Initiative.objects.all()}
    first = items["Kệ thuốc đầu buồng bệnh"]
    assert (first.state, first.channel, first.consent_noted) == (State.SUBMITTED, Channel.ON_BEHALF, True)
    assert (first.entered_by, first.benefit_stated) == (cast.binh, 24_000_000)
    assert [a.person for a in first.authorships.all()] == [cast.an]
    assert [a.person for a in items["Bảng phân ca trên điện thoại"].authorships.all()] == [cast.dung]


def test_the_same_file_again_changes_nothing(cast):
    apply(sent(cast, row(code="DV001")), by=cast.binh)
    again = sent(cast, row(code="DV001"), row("Giá treo bình ô-xy gấp gọn", code="DV001"))
    assert tally(again) == (1, 0, 1, 0)
    apply(again, by=cast.binh)
    assert Initiative.objects.count() == 2


def test_a_new_worker_goes_on_the_roster_once(cast):
    upload = sent(cast, row(name="Tô Văn Mới"), row("Giá treo bình ô-xy gấp gọn", name="Tô Văn Mới"))
    apply(upload, by=cast.binh)
    assert Person.objects.filter(full_name="Tô Văn Mới").count() == 1
    assert Initiative.objects.count() == 2


def test_two_phones_are_two_people_of_one_name(cast):
    other = row("Bảng phân ca trên điện thoại", "Tô Văn Mới", phone="0911000002")
    third = row("Giá treo bình ô-xy gấp gọn", "Tô Văn Mới")
    upload = sent(cast, row(name="Tô Văn Mới", phone="0911000001"), other, third)
    assert tally(upload) == (3, 0, 0, 0)
    apply(upload, by=cast.binh)
    new = Person.objects.filter(full_name="Tô Văn Mới").order_by("phone")
    assert [person.phone for person in new] == ["0911000001", "0911000002"]
    assert [i.authorships.get().person for i in Initiative.objects.order_by("pk")] == list(new)
    assert faults(upload)[4][0][:2] == ["full_name", "Đơn vị có 2 người tên này."]  # whose it is nobody can tell


def test_a_phone_of_two_names_files_nothing_for_the_wrong_one(cast):
    other = row("Bảng phân ca trên điện thoại", "Lê Thị Khác", phone="0911000001")
    upload = apply(sent(cast, row(name="Tô Văn Mới", phone="0911000001"), other), by=cast.binh)
    assert [i.title for i in Initiative.objects.all()] == ["Kệ thuốc đầu buồng bệnh"]
    assert [(number, some[0][0]) for number, some in faults(upload).items()] == [(3, "full_name")]


def test_co_authors_and_their_shares(cast):
    apply(sent(cast, row(code="DV001", others="DV002: 30%; Lý Thị Ngoài (20,5 %)")), by=cast.binh)
    shares = [(a.name, a.share) for a in Initiative.objects.get().authorships.all()]
    assert shares == [("Nguyễn Thị An", Decimal("49.5")), ("Trần Văn Dũng", 30), ("Lý Thị Ngoài", Decimal("20.5"))]


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        (row(code="DV-KHONGCO"), "code", "Không có ai mang mã"),
        (row(code="DV001", name="Lê Văn Khác"), "full_name", "là của Nguyễn Thị An"),
        (row(code="DV005", name="Vũ Thị Lan"), "code", "không thuộc đơn vị"),
        (row(code="DV001", title="Kệ"), "title", "ít nhất 8 ký tự"),
        (row(code="DV001", consent="Không"), "consent_noted", "chưa đồng ý"),
        (row(code="DV001", consent=""), "consent_noted", "Ô còn trống"),
        (row(code="DV001", others="DV002"), "co_authors", "chưa rõ tỷ lệ"),
        (row(code="DV001", others="DV002: 60%; DV003: 50%"), "co_authors", "nhỏ hơn 100"),
        ([*row(code="DV001")[:7], "01/02/2023", *row(code="DV001")[8:]], "first_applied_on", "tương lai"),
    ],
)
def test_a_wrong_line_is_named_with_how_to_mend_it(cast, line, column, sentence):
    upload = sent(cast, line, row("Giá treo bình ô-xy gấp gọn", code="DV001"))
    found = faults(upload)[2]
    assert any(c == column and sentence in reason and mend for c, reason, mend in found), found
    apply(upload, by=cast.binh)
    assert Initiative.objects.count() == 1  # the good line went in


def test_a_checked_file_is_undone_until_one_is_received(cast):
    upload = apply(sent(cast, row(code="DV001"), row("Giá treo bình ô-xy gấp gọn", code="DV001")), by=cast.binh)
    reception.receive(Initiative.objects.order_by("pk")[0], by=cast.binh)
    uploads.undo(upload, by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert "đã được xử lý" in upload.fault
    assert not Initiative.objects.filter(state=State.WITHDRAWN).exists()


@pytest.mark.parametrize(("received", "sentence"), [(2, "Hồ sơ {}, {} đã"), (7, "và 2 hồ sơ nữa đã được xử lý")])
def test_what_stands_in_the_way_of_an_undo_is_named(cast, received, sentence):
    """Nobody's list is half taken back, and the refusal says which dossiers to look at."""
    rows = [row(f"Kệ thuốc đầu buồng bệnh số {n}", code="DV001") for n in range(9)]
    upload = apply(sent(cast, *rows), by=cast.binh)
    filed = list(Initiative.objects.order_by("pk"))
    for item in filed[1 : 1 + received]:
        reception.receive(item, by=cast.binh)
    uploads.undo(upload, by=cast.binh)
    work.run(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "applied"
    assert sentence.format(*[item.code for item in filed[1:3]]) in upload.fault
    assert not Initiative.objects.filter(state=State.WITHDRAWN).exists()
    assert not Act.objects.filter(kind="initiatives.initiative.withdrawn").exists()


def test_an_officer_who_lost_the_right_takes_nothing_back(cast):
    upload = apply(sent(cast, row(code="DV001")), by=cast.binh)
    made = list(Initiative.objects.values_list("pk", flat=True))
    assert upload.state == "applied"
    with pytest.raises(Forbidden):
        lists.take_back(made, by=cast.giang)
    assert Initiative.objects.get().state == State.SUBMITTED


def test_outsiders_enter_nothing(cast):
    with pytest.raises(Forbidden):
        sent(cast, row(code="DV001"), by="giang")


def package(cast, files, by="binh", unit="TB-YT-01"):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    given = packages.receive(ContentFile(made.getvalue(), "goi.zip"), unit=cast[unit], by=getattr(cast, by))
    packages.unpack(given.pk)
    given.refresh_from_db()
    return given


def outcomes(given):
    return {f.name: f.outcome for f in given.files.all()}


def test_attachments_find_their_dossiers_by_name(cast):
    apply(
        sent(
            cast,
            row(code="DV001", files="Ảnh sau.jpg; bao-cao.pdf"),
            row("Giá treo bình ô-xy", code="DV001", files="bao-cao.pdf"),
        ),
        by=cast.binh,
    )
    files = {
        "Ảnh/anh sau.JPG": photo().read(),
        "bao-cao.pdf": b"%PDF-1.4\n1 0 obj<<>>endobj\n",
        "la.pdf": b"%PDF-1.4\n",
        "__MACOSX/._bao-cao.pdf": b"x",
    }
    given = package(cast, files)
    assert outcomes(given) == {"Ảnh/anh sau.JPG": "attached", "bao-cao.pdf": "attached", "la.pdf": "unknown"}
    assert {i.title: i.attachments.count() for i in Initiative.objects.all()} == {
        "Kệ thuốc đầu buồng bệnh": 2,
        "Giá treo bình ô-xy": 1,
    }
    assert given.ended_at is not None
    assert not packages.awaited(cast["TB-YT-01"]).exists()
    assert outcomes(package(cast, {**files, "moi.txt": b"x"}))["bao-cao.pdf"] == "same"


def test_an_officer_who_is_on_the_list_gets_the_own_files_too(cast):
    apply(sent(cast, row(name="Lê Thanh Bình", code="DV003", files="a.pdf")), by=cast.binh)
    item = Initiative.objects.get()
    assert not rules.may_write(cast.binh, item)  # an author leaves what was sent alone
    assert outcomes(package(cast, {"a.pdf": b"%PDF-1.4\n1 0 obj\n"})) == {"a.pdf": "attached"}
    assert item.attachments.count() == 1


def test_a_hostile_file_is_refused_and_the_rest_goes_on(cast):
    apply(sent(cast, row(code="DV001", files="anh.jpg; bao-cao.pdf")), by=cast.binh)
    given = package(cast, {"anh.jpg": b"<html><script>alert(1)</script>", "../../bao-cao.pdf": b"%PDF-1.4\n1 0 obj\n"})
    assert outcomes(given) == {"anh.jpg": "refused", "../../bao-cao.pdf": "attached"}
    assert packages.left_over(given).get().sentence


def test_a_file_broken_inside_the_package_is_named_and_the_rest_goes_on(cast):
    """Its packed bytes are no stream any more: the worker must not stumble over them again and again."""
    apply(sent(cast, row(code="DV001", files="a.pdf; b.pdf")), by=cast.binh)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"%PDF-1.4\n" + bytes(5000))
        archive.writestr("b.pdf", b"%PDF-1.4\n1 0 obj\n")
    whole = bytearray(made.getvalue())
    start = whole.index(b"a.pdf") + len(b"a.pdf")
    whole[start : start + 6] = b"\xff" * 6
    given = packages.receive(ContentFile(bytes(whole), "goi.zip"), unit=cast["TB-YT-01"], by=cast.binh)
    packages.unpack(given.pk)
    assert outcomes(given) == {"a.pdf": "refused", "b.pdf": "attached"}
    given.refresh_from_db()
    assert given.ended_at is not None


@pytest.mark.parametrize(("limit", "most"), [("MOST_ENTRIES", 1), ("MOST_UNPACKED", 1000)])
def test_a_package_that_swells_is_refused_before_it_is_unpacked(cast, monkeypatch, limit, most):
    monkeypatch.setattr(packages, limit, most)
    with pytest.raises(Refused, match="quá nhiều tệp hoặc quá lớn khi mở ra"):
        package(cast, {"a.pdf": bytes(2000), "b.pdf": b"x"})
    assert not FilePackage.objects.exists()


@pytest.mark.parametrize(("content", "sentence"), [(b"khong phai zip", "không phải là gói ZIP"), (b"", "gói ZIP")])
def test_what_is_no_package_is_refused_at_once(cast, content, sentence):
    with pytest.raises(Refused, match=sentence):
        packages.receive(ContentFile(content, "goi.zip"), unit=cast["TB-YT-01"], by=cast.binh)


def test_a_worker_that_died_is_taken_up_where_it_stopped(cast, monkeypatch):
    apply(sent(cast, row(code="DV001", files="a.pdf; b.pdf")), by=cast.binh)
    monkeypatch.setattr(packages, "BATCH", 1)
    real, seen = packages._take, []

    def dies(*given):
        seen.append(given[2])
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(packages, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        package(cast, {"a.pdf": b"%PDF-1.4\n1 0 obj\n", "b.pdf": b"%PDF-1.4\n2 0 obj\n"})
    left = FilePackage.objects.get()
    assert (left.done, left.ended_at) == (1, None)
    packages.unpack(left.pk)
    left.refresh_from_db()
    assert (left.done, left.ended_at is not None) == (2, True)
    assert Initiative.objects.get().attachments.count() == 2
    assert PackedFile.objects.filter(outcome="attached").count() == 2


@pytest.mark.parametrize("dies_at", ["check", "apply"])
def test_a_worker_killed_in_the_middle_of_a_list_files_nothing_twice(cast, monkeypatch, dies_at):
    """Batches of two: the second one dies. Checking goes on from there; applying is all or nothing."""
    monkeypatch.setattr(work, "BATCH", 2)
    importer, seen = importers.named("initiatives"), []
    real = getattr(importer, dies_at)

    def dies(lines, run):
        seen.append(len(lines))
        found = real(lines, run)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return found

    rows = [row(f"Kệ thuốc đầu buồng bệnh số {n}", code="DV001", files=f"{n}.pdf") for n in range(5)]
    content = xlsx(HEAD, *rows)
    upload = uploads.receive(importer, content, "danh-sach.xlsx", unit=cast["TB-YT-01"], by=cast.binh)
    if dies_at == "apply":
        work.run(upload.pk)
        upload.refresh_from_db()
        uploads.apply(upload, by=cast.binh)
    monkeypatch.setattr(importer, dies_at, dies)
    with pytest.raises(KeyboardInterrupt):
        work.run(upload.pk)
    assert Initiative.objects.count() == 0  # nothing of half a list is there
    work.run(upload.pk)
    upload.refresh_from_db()
    if dies_at == "check":
        assert seen == [2, 2, 2, 1]  # the first batch is kept; the one that died is checked again
        apply(upload, by=cast.binh)
    work.run(upload.pk)  # a job that comes twice
    assert (upload.state, tally(upload)) == ("applied", (5, 0, 0, 0))
    titles = Initiative.objects.filter(state=State.SUBMITTED).values_list("title", flat=True)
    assert sorted(titles) == [r[3] for r in rows]
    assert AwaitedFile.objects.count() == 5
    assert Act.objects.filter(kind="initiatives.initiative.submitted").count() == 5
    assert tally(sent(cast, *rows)) == (0, 0, 5, 0)  # sent again: already there


def test_a_line_costs_no_statement_of_its_own_and_reads_nothing_a_second_time(cast):
    def cost(tag, how_many):
        rows = [row(f"{tag} đầu buồng bệnh số {n}", code="DV001") for n in range(how_many)]
        upload = sent(cast, *rows)
        with CaptureQueriesContext(connection) as captured:
            apply(upload, by=cast.binh)
        read = [q["sql"] for q in captured if q["sql"].startswith("SELECT")]
        return len(captured), len(read)

    few, many = cost("Kệ thuốc", 5), cost("Giá treo", 45)
    assert many[0] <= few[0] + 6
    assert many[1] <= few[1] + 2


def test_what_cannot_be_filed_after_all_leaves_no_draft(cast, monkeypatch):
    upload = sent(cast, row(code="DV001"), row("Giá treo bình ô-xy gấp gọn", code="DV001"))
    real = Workflow.verdict

    def refuses(workflow, step, item, actor):
        is_refused = step.name == "submit" and item.title.startswith("Kệ")
        return no("Chưa nhận được.") if is_refused else real(workflow, step, item, actor)

    monkeypatch.setattr(Workflow, "verdict", refuses)
    apply(upload, by=cast.binh)
    assert {i.title[:3]: i.state for i in Initiative.objects.all()} == {"Kệ ": "withdrawn", "Giá": "submitted"}
    assert faults(upload)[2][0][1] == "Chưa nhận được."
    assert tally(upload) == (1, 0, 0, 1)


def test_an_author_named_twice_leaves_no_draft_and_the_rest_goes_in(cast):
    twice = row(code="DV001", others="DV001: 30%")
    upload = apply(sent(cast, twice, row("Giá treo bình ô-xy gấp gọn", code="DV001")), by=cast.binh)
    assert "hai lần" in faults(upload)[2][0][1]
    assert [(i.title[:3], i.state) for i in Initiative.objects.all()] == [("Giá", "submitted")]


def test_a_line_of_a_list_is_written_as_the_verbs_write_it(cast):
    """Entered by hand and by file: the same record, authors, version, ledger and notices."""
    given = {"problem_before": WORDS[0], "solution": WORDS[1], "kind": "technical", "title": "Kệ thuốc đầu buồng 1"}
    more = {"effect": "Bớt 40 phút mỗi ca.", "benefit": "money", "benefit_stated": 24_000_000}
    standing = {"by": cast.binh, "channel": Channel.ON_BEHALF, "consent_noted": True}
    by_hand = dossiers.start(cast.an, cast.an.unit, **standing, **given, **more, first_applied_on=date(2022, 2, 1))
    dossiers.share_out(
        by_hand, [(cast.an, Decimal(50)), (cast.dung, Decimal(30)), ("Lê Văn Mới", Decimal(20))], by=cast.binh
    )
    dossiers.submit(by_hand, by=cast.binh, tells_office=False)
    others = "DV002: 30%; Lê Văn Mới: 20%"
    apply(sent(cast, row("Kệ thuốc đầu buồng 2", code="DV001", others=others)), by=cast.binh)
    by_file = Initiative.objects.get(title="Kệ thuốc đầu buồng 2")
    by_hand.refresh_from_db()

    def written(item):
        left_out = {"id", "code", "created_at", "changed_at", "submission_key"}
        record = {f.attname: getattr(item, f.attname) for f in item._meta.concrete_fields if f.name not in left_out}
        authors = list(item.authorships.values_list("person", "name", "share", "position", "confirmed_at", "workplace"))
        versions = list(item.revisions.values_list("number", "content", "by_name"))
        acts = Act.objects.filter(subject_type="initiatives.initiative", subject_id=item.pk).order_by("pk")
        told = [(a.kind, a.before, a.after, a.unit_id, a.actor_id, a.reason) for a in acts]
        notices = Notice.objects.filter(subject_code=item.code).order_by("kind", "person")
        notes = [(n.person_id, n.kind, n.headline, n.body, n.needs_action) for n in notices if ".listed" not in n.kind]
        return repr((record, authors, versions, told, notes)).replace("đầu buồng 2", "đầu buồng 1")

    assert written(by_file) == written(by_hand)


def test_the_pages_say_what_is_missing_and_what_became_of_it(cast, sign_in):
    apply(sent(cast, row(code="DV001", files="a.pdf")), by=cast.binh)
    binh = sign_in(cast.binh)
    assert "a.pdf" in page_of(binh, "office:packages")
    wrong = binh.post(reverse("office:packages"), {"file": ContentFile(b"x", "x.zip")})
    assert (wrong.status_code, "không phải là gói ZIP" in wrong.content.decode()) == (422, True)
    given = package(cast, {"a.pdf": b"%PDF-1.4\n1 0 obj\n", "la.pdf": b"%PDF-1.4\n"})
    assert "Không có hồ sơ nào ghi tên tệp này." in page_of(binh, "office:package", given.pk)
    assert sign_in(cast.lan).get(reverse("office:package", args=[given.pk])).status_code == 404
    assert AwaitedFile.objects.get().attachment is not None


def test_what_came_by_excel_is_counted_like_the_rest(cast):
    from tests.tallies.test_sums import make_programme
    from thidua.tallies import queries

    programme = make_programme(cast, "TB-YT")
    apply(sent(cast, row(code="DV001")), by=cast.binh)
    readers.drain_all()
    assert queries.figure(programme, cast["TB-YT"], "filed") == 1
    assert dossiers.handler_of(cast["TB-YT-01-N"]) == cast["TB-YT-01"]


def test_the_office_is_told_once_of_a_list_and_each_author_of_the_own(cast):
    apply(
        sent(cast, row(code="DV001"), row("Bảng phân ca trên điện thoại", "Trần Văn Dũng", code="DV002")), by=cast.binh
    )
    told = [n.headline for n in Notice.objects.filter(person=cast.chi)]
    assert told == ["2 sáng kiến nhập hộ bằng Excel chờ tiếp nhận"]
    for author in (cast.an, cast.dung):
        assert any("Đã gửi sáng kiến" in n.headline for n in Notice.objects.filter(person=author))


def _undone(upload, by):
    uploads.undo(upload, by=by)
    work.run(upload.pk)
    upload.refresh_from_db()
    return upload


def test_an_undone_list_takes_back_whom_only_it_knew(cast, monkeypatch):
    """Over several batches; in the withdrawn dossiers they are names from then on."""
    monkeypatch.setattr(work, "BATCH", 2)
    rows = [
        row("Giá treo bình ô-xy gấp gọn", "Lý Thị Mới", phone="0912345699"),
        row(code="DV001", others="0912345699: 20%; DV002: 20%"),
        row("Bảng phân ca trên điện thoại", "Lý Thị Mới", phone="0912345699"),
        row("Xe đẩy thuốc gấp gọn", "Vũ Văn Lạ"),
        row("Nẹp cố định tay khi truyền", "Lý Thị Mới", phone="0912345699"),
    ]
    before = set(Person.objects.values_list("pk", flat=True))
    upload = apply(sent(cast, *rows), by=cast.binh)
    assert Person.objects.count() == len(before) + 2
    assert Initiative.objects.get(title="Kệ thuốc đầu buồng bệnh").authorships.count() == 3
    upload = _undone(upload, cast.binh)
    assert upload.state == "undone"
    assert upload.fault == "2 người mới do danh sách này thêm đã được đưa ra khỏi danh sách đơn vị."
    assert set(Person.objects.values_list("pk", flat=True)) == before
    assert set(Initiative.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    names = Initiative.objects.get(title="Xe đẩy thuốc gấp gọn").authorships.values_list("name", "person")
    assert list(names) == [("Vũ Văn Lạ", None)]
    assert Act.objects.filter(kind="people.person.removed").count() == 2
    again = apply(sent(cast, *rows), by=cast.binh)  # what was taken back may come again
    assert tally(again) == (5, 0, 0, 0)
    assert Person.objects.count() == len(before) + 2


def _co_author_elsewhere(cast, person):
    item = dossiers.start(cast.an, cast["TB-YT-01-N"], by=cast.an, title="Hồ sơ khác của chị An")
    dossiers.share_out(item, [(cast.an, Decimal(60)), (person, Decimal(40))], by=cast.an)


def _amended(cast, person):
    rosters.amend(person, {"job_title": "Điều dưỡng"}, by=cast.quy)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_co_author_elsewhere, "là tác giả của hồ sơ SK-"),
        (_amended, "đã được sửa hoặc chuyển đơn vị sau đó"),
        (lambda cast, person: rosters.open_account(person, "matkhau-thu-2022", by=cast.quy), "đã có tài khoản"),
    ],
)
def test_whom_something_else_speaks_of_stays_and_the_result_says_why(cast, sign_in, happens, why):
    rows = [row("Giá treo bình ô-xy gấp gọn", "Lý Thị Mới"), row("Xe đẩy thuốc gấp gọn", "Vũ Văn Lạ")]
    upload = apply(sent(cast, *rows), by=cast.binh)
    happens(cast, Person.objects.get(full_name="Lý Thị Mới"))
    upload = _undone(upload, cast.binh)
    assert upload.fault.startswith("1 người mới do danh sách này thêm đã được đưa ra khỏi")
    assert f"1 người mới vẫn ở lại danh sách đơn vị: Lý Thị Mới ({why}" in upload.fault
    assert upload.lines.get(number=2).remarks[-1].startswith("Lý Thị Mới vẫn ở lại danh sách đơn vị: " + why)
    assert list(
        Person.objects.filter(full_name__in=["Lý Thị Mới", "Vũ Văn Lạ"]).values_list("full_name", flat=True)
    ) == ["Lý Thị Mới"]
    assert "vẫn ở lại danh sách đơn vị" in page_of(sign_in(cast.binh), "office:import", upload.code)
