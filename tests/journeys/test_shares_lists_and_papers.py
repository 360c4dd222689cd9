"""Shares agreed before the decision, a list with its files, one author leaving, what is owed, a cut line. Both screens."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from tests.cast import SYSTEM
from tests.documents import hostile
from tests.exchange.sheets import cells, xlsx
from tests.initiatives.test_dossiers import IDEA, WHOLE, recognised
from tests.initiatives.test_imports import HEAD, row
from tests.journeys.test_member_and_officer import programme  # noqa: F401 - a fixture
from tests.journeys.test_office_to_the_end import confirm
from tests.journeys.test_record_to_the_end import both, look, someone  # noqa: F401 - a fixture
from tests.sites.member.test_pages import photo
from thidua.documents.models import Upload as Resumable
from thidua.exchange.domain import work
from thidua.exchange.models import Upload
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers, packages, reception, shares
from thidua.initiatives.models import Authorship, FilePackage, Initiative
from thidua.people.domain import rosters
from thidua.people.models import Person

pytestmark = pytest.mark.journey
PAPER = hostile.pdf(b"%" + bytes(range(1, 256)) * 6000)  # 1.5 MB in six pieces


def shared(world, *others) -> Initiative:
    """Of An and others, received."""
    item = dossiers.start(world.an, world["TB-YT-01-N"], by=world.an, **{**IDEA, **WHOLE})
    part = Decimal(30)
    dossiers.share_out(item, [(world.an, 100 - part * len(others)), *((p, part) for p in others)], by=world.an)
    dossiers.submit(item, by=world.an)
    reception.receive(item, by=world.binh)
    return Initiative.objects.get(pk=item.pk)


@both
def test_a_decision_waits_for_the_co_authors_and_says_so(someone, world, screen):  # noqa: F811
    worker = rosters.enter("Lê Văn Thợ", world["TB-YT-01"], code="THO01", since=date(2020, 1, 1), by=SYSTEM)
    item = shared(world, world.dung, worker)
    chi = someone("0900000004")
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    why = chi.page.locator("#why-recognise").inner_text()
    assert "Trần Văn Dũng (đến hết ngày 30/05/2022), Lê Văn Thợ (chưa có tài khoản)" in why
    look(chi, "k1-waits")

    # In one decision for many it is left out, and said why.
    chi.open("/van-phong/sang-kien/?state=received")
    chi.page.locator(f"[name=code][value='{item.code}']").check()
    chi.page.get_by_role("button", name="Công nhận").first.click()
    chi.settle()
    assert "Còn chờ Trần Văn Dũng" in chi.text()
    look(chi, "k2-many")

    # Dũng says no; the officer mends the shares, and Dũng is asked anew.
    dung = someone("0900000002")
    dung.open(f"/toi/sang-kien/{item.code}/")
    assert "Hết ngày 30/05/2022 mà không có ý kiến" in dung.text()
    dung.page.locator("summary", has_text="Chưa đúng").click()
    dung.page.fill("#objection", "Tôi làm một nửa phần khung xe.")
    look(dung, "k3-objects")
    dung.page.get_by_role("button", name="Báo chưa đồng ý").click()
    dung.settle()
    chi.open(f"/van-phong/sang-kien/{item.code}/")
    assert "Trần Văn Dũng chưa đồng ý tỷ lệ đóng góp" in chi.page.locator("#why-recognise").inner_text()
    binh = someone("0900000003")
    binh.open(f"/van-phong/sang-kien/{item.code}/tac-gia/")
    for place, part in enumerate(("20", "50", "30"), start=1):
        binh.page.fill(f"#share-{place}", part)
    look(binh, "k4-mended")
    binh.page.locator("button[name=save]").first.click()
    binh.settle()
    dung.open(f"/toi/sang-kien/{item.code}/")
    dung.page.get_by_role("button", name="Đúng, tôi xác nhận").click()
    dung.settle()

    # The others have signed: a paper is noted for each.
    for name in ("Nguyễn Thị An", "Lê Văn Thợ"):
        binh.open(f"/van-phong/sang-kien/{item.code}/")
        if name == "Lê Văn Thợ":
            look(binh, "k5-papers")
        button = binh.page.get_by_role("button", name=f"Ghi nhận đồng ý trên giấy: {name}")
        if button.count():
            button.click()
            binh.agree()
            assert "Đã ghi nhận đồng ý trên giấy." in binh.text()
    chi.open(f"/van-phong/sang-kien/{item.code}/cong-nhan/")
    chi.page.fill("[name=decision_number]", "15/QĐ-BV")
    look(chi, "k6-decides")
    chi.page.get_by_role("button", name="Ghi quyết định công nhận").first.click()
    chi.agree()
    chi.page.get_by_text("Đã ghi quyết định công nhận.").wait_for()
    assert Initiative.objects.get(pk=item.pk).state == State.RECOGNISED


def the_worker(dies: bool = False) -> None:
    """What the worker does in another process."""
    for upload in Upload.objects.all():
        work.run(upload.pk)
    for package in FilePackage.objects.filter(ended_at=None):
        packages.unpack(package.pk)


def give(visitor, path: Path, rows) -> None:
    path.write_bytes(xlsx(HEAD, *rows))
    visitor.open("/van-phong/nhap-du-lieu/")
    visitor.page.set_input_files("#file-initiatives", str(path))
    visitor.page.locator("form[action$='tai-len/initiatives/'] button").click()
    visitor.page.wait_for_selector("#progress progress")
    the_worker()
    visitor.page.wait_for_selector(".tiles")
    visitor.check()


def write(visitor) -> None:
    visitor.click("Ghi các dòng đạt vào hệ thống")
    visitor.agree()
    the_worker()
    visitor.page.wait_for_selector("text=Đã ghi vào hệ thống")
    visitor.check()


@both
def test_a_list_with_its_files_is_mended_resumed_and_taken_back(someone, world, screen, tmp_path, monkeypatch):  # noqa: F811
    files = "anh-sau.jpg; bao-cao.pdf"
    right = row(code="DV001", others="DV002: 30%", files=files)
    newcomer = row("Giá treo bình ô-xy gấp gọn", "Lý Thị Mới", phone="0912345699", files="thuyet-minh.pdf")
    wrong = row("Kệ", name="Trần Văn Dũng", code="DV002", consent="Không")
    binh = someone("0900000003")
    give(binh, tmp_path / "danh-sach.xlsx", [right, newcomer, wrong])
    assert "Cần ít nhất 8 ký tự." in binh.text()
    assert "Người lao động chưa đồng ý." in binh.text()
    look(binh, "l1-checked")
    with binh.page.expect_download() as coming:
        binh.page.get_by_role("link", name="Tải các dòng lỗi để sửa").click()
    head, *bad = cells(Path(coming.value.path()).read_bytes())
    assert [line[head.index("Tên sáng kiến")] for line in bad] == ["Kệ"]
    write(binh)
    mended = row("Kệ để thuốc cạnh giường", name="Trần Văn Dũng", code="DV002")
    give(binh, tmp_path / "danh-sach-sua.xlsx", [mended])
    write(binh)
    assert Initiative.objects.filter(state=State.SUBMITTED).count() == 3

    # The package: a worker that is killed after the first file is followed by one that goes on.
    monkeypatch.setattr(packages, "BATCH", 1)
    made = tmp_path / "goi.zip"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Ảnh-sau.JPG", photo().read())
        archive.writestr("bao-cao.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n")
        archive.writestr("thuyet-minh.pdf", b"<html><script>alert(1)</script>")
    binh.open("/van-phong/sang-kien/goi-tep/")
    assert "thuyet-minh.pdf" in binh.text()
    look(binh, "l2-awaited")
    binh.page.set_input_files("#file", str(made))
    binh.page.get_by_role("button", name="Gửi gói").click()
    binh.page.wait_for_url(re.compile(r"/goi-tep/\d+/"))
    real, seen = packages._take, []

    def dies(*given):
        seen.append(given)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(packages, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        the_worker()
    binh.open(f"/van-phong/sang-kien/goi-tep/{FilePackage.objects.get().pk}/")
    assert "Đã xem 1/3 tệp" in binh.text()
    look(binh, "l3-half")
    monkeypatch.setattr(packages, "_take", real)
    the_worker()
    binh.page.wait_for_selector(".tiles")
    assert "thuyet-minh.pdf" in binh.text()
    look(binh, "l4-attached")

    # Each author finds the own dossier with its files.
    an = someone("0900000001")
    item = Initiative.objects.get(title="Kệ thuốc đầu buồng bệnh")
    an.open(f"/toi/sang-kien/{item.code}/")
    assert an.page.locator("main a", has_text="bao-cao.pdf").count() == 1
    assert item.attachments.count() == 2
    look(an, "l5-own")

    # The first list is taken back: its dossiers are withdrawn, and whom only it knew goes again.
    first = Upload.objects.order_by("pk").first()
    binh.open(f"/van-phong/nhap-du-lieu/{first.code}/")
    binh.page.get_by_role("button", name="Hoàn tác").click()
    binh.agree()
    the_worker()
    binh.open(f"/van-phong/nhap-du-lieu/{first.code}/")
    assert "1 người mới do danh sách này thêm đã được đưa ra khỏi danh sách đơn vị." in binh.text()
    look(binh, "l6-taken-back")
    assert not Person.objects.filter(full_name="Lý Thị Mới").exists()
    assert Initiative.objects.filter(state=State.WITHDRAWN).count() == 2


@both
def test_a_co_author_leaves_and_the_others_share_anew(someone, world, screen):  # noqa: F811
    item = shared(world, world.dung, world.chi)
    for person in (world.dung, world.chi):
        shares.confirm(item.authorships.get(person=person), by=person)
    dung = someone("0900000002")
    dung.open(f"/toi/sang-kien/{item.code}/")
    dung.page.locator("summary", has_text="Rút tên tôi khỏi hồ sơ này").click()
    dung.page.fill("#leaving", "Tôi chỉ góp ý lúc đầu.")
    look(dung, "m1-leaves")
    dung.page.get_by_role("button", name="Rút tên").click()
    dung.agree()
    assert "Đã rút tên bạn khỏi hồ sơ" in dung.text()
    look(dung, "m2-left")
    parts = {a.person.full_name: a.share for a in Authorship.objects.filter(initiative=item).select_related("person")}
    assert parts == {"Nguyễn Thị An": Decimal("57.14"), "Phạm Thị Chi": Decimal("42.86")}
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{item.code}/")
    assert "đã rút tên mình khỏi danh sách tác giả" in an.text()
    an.page.get_by_role("button", name="Đúng, tôi xác nhận").click()
    an.settle()
    look(an, "m3-confirmed")
    assert dung.page.goto(f"{dung.address}/toi/sang-kien/{item.code}/").status == 404


def amounts(document) -> list[list[str]]:
    table = next(t for t in document.tables if any("Số tiền" in c.text for c in t.rows[0].cells))
    return [[c.text for c in line.cells] for line in table.rows]


@both
def test_the_sheet_of_what_is_owed_is_opened_and_adds_up(someone, world, screen):  # noqa: F811
    item = recognised(world)
    Authorship.objects.filter(initiative=item).update(share=Decimal("66.67"))
    item.authorships.create(person=world.dung, name="Trần Văn Dũng", share=Decimal("33.33"), position=1)
    item.participants.create(position=0, name="Lê Văn Hàn", work="Hàn khung xe")
    binh = someone("0900000003")
    binh.open(f"/van-phong/sang-kien/{item.code}/")
    confirm(binh, "100.000.001")
    an = someone("0900000001")
    an.open(f"/toi/sang-kien/{item.code}/")
    look(an, "n1-papers")
    line = an.page.locator("p", has_text="Bảng tính thù lao, năm áp dụng thứ 1")
    with an.page.expect_download() as coming:
        line.get_by_role("link", name="Word").click()
    head, *rows = amounts(Document(io.BytesIO(Path(coming.value.path()).read_bytes())))
    place = next(n for n, words in enumerate(head) if "Số tiền" in words)
    owed = [int(re.sub(r"\D", "", line[place])) for line in rows]
    # 7 % of what was confirmed, by the shares to the last đồng; a fifth of it to who helped; the sum under all.
    assert owed == [4_666_900, 2_333_100, 1_400_000, 8_400_000]
    with an.page.expect_download() as coming:
        line.get_by_role("link", name="PDF").click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")


@both
def test_a_cut_upload_in_the_full_dossier_goes_on_after_a_reload(someone, world, screen, tmp_path):  # noqa: F811
    item = dossiers.start(world.an, world["TB-YT-01-N"], by=world.an, **{**IDEA, **WHOLE})
    drawing = tmp_path / "ban-ve.pdf"
    drawing.write_bytes(PAPER)
    an = someone("0900000001")
    arrived = []

    def line(route) -> None:
        if len(arrived) >= 2 and route.request.method == "POST":
            route.abort("connectionreset")
            return
        arrived.append(1)
        route.continue_()

    an.open(f"/toi/sang-kien/{item.code}/viet/hieu-qua/")
    an.page.route(re.compile(r"/tai-tep/[0-9a-f-]{36}/$"), line)
    an.page.select_option("[name=kind]", "description")
    an.page.set_input_files("[name=file]", drawing)
    an.page.wait_for_selector("[data-files] li.is-cut")
    begun = Resumable.objects.get()
    assert 0 < begun.received < begun.size

    # The phone is switched off and on: the same file goes on from where it stopped.
    an.page.reload()
    an.faults.clear()  # the cut line was on the console
    an.page.unroute_all()  # not before: the page tries again by itself
    sent = []
    an.page.on("request", lambda r: sent.append(r.headers.get("upload-offset")) if "/tai-tep/" in r.url else None)
    an.page.select_option("[name=kind]", "description")
    an.page.set_input_files("[name=file]", drawing)
    an.page.wait_for_selector("[data-files] li.is-done", timeout=30000)
    assert Resumable.objects.count() == 1
    assert min(int(offset) for offset in sent if offset) == begun.received
    an.page.locator("form[enctype] button").last.click()
    an.settle()
    look(an, "o1-attached")
    assert item.attachments.get().file.size == len(PAPER)
