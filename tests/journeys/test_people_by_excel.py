"""A list with errors goes in, is mended and goes in again; somebody entered twice becomes one."""

from __future__ import annotations

import pytest

from tests.exchange.sheets import cells, xlsx
from thidua.exchange.domain import work
from thidua.exchange.models import Upload
from thidua.people.models import Person

HEAD = ["STT", "HỌ VÀ TÊN", "Năm sinh", "Nam/Nữ", "Số ĐT", "Chức vụ"]
ROWS = [
    [1, "NGUYỄN THỊ HOÀ", "05/03/1985", "Nữ", 912345601, "Điều dưỡng"],
    [2, "Trần  Văn Dung", 1980, "nam", "0912 345 602", "Kỹ thuật viên"],
    [3, "Lê Thị Mơ", 1890, "Nữ", "0912345603", ""],
    [4, "Phạm Văn Sai", 1990, "Nam", "12345", ""],
]


def _work() -> None:
    """What the worker does in another process."""
    for upload in Upload.objects.all():
        work.run(upload.pk)


def _upload(visitor, path, rows) -> None:
    path.write_bytes(xlsx(["DANH SÁCH ĐOÀN VIÊN NĂM 2022"], [], HEAD, *rows))
    visitor.open("/van-phong/nhap-du-lieu/")
    visitor.page.set_input_files("#file-people", str(path))
    visitor.page.locator("form[action$='tai-len/people/'] button").click()
    visitor.page.wait_for_selector("#progress progress")
    _work()
    visitor.page.wait_for_selector(".tiles")
    visitor.check()


@pytest.mark.journey
@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_list_with_errors_is_mended_and_written(screen, request, world, tmp_path):
    visitor = request.getfixturevalue(screen)
    visitor.sign_in("DV003")
    _upload(visitor, tmp_path / "danh-sach.xlsx", ROWS)
    assert "Năm sinh «1890» không hợp lý" in visitor.text()
    assert "Số điện thoại «12345» không đúng" in visitor.text()
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="Tải các dòng lỗi để sửa").click()
    _head, *bad = cells(waiting.value.path().read_bytes())
    assert [row[1] for row in bad] == ["Lê Thị Mơ", "Phạm Văn Sai"]
    visitor.click("Ghi các dòng đạt vào hệ thống")
    visitor.agree()
    _work()
    visitor.page.wait_for_selector("text=Đã ghi vào hệ thống")
    visitor.check()
    assert Person.objects.get(full_name="Nguyễn Thị Hoà").phone == "0912345601"
    mended = [ROWS[0], ROWS[1], [*ROWS[2][:2], 1990, *ROWS[2][3:]], [*ROWS[3][:4], "0912345604", ""]]
    _upload(visitor, tmp_path / "danh-sach-sua.xlsx", mended)
    visitor.click("Ghi các dòng đạt vào hệ thống")
    visitor.agree()
    _work()
    visitor.page.wait_for_selector("text=Đã ghi vào hệ thống")
    assert Upload.objects.order_by("pk").last().same == 2
    assert Person.objects.filter(full_name__in=["Lê Thị Mơ", "Phạm Văn Sai"]).count() == 2
    visitor.open("/van-phong/don-vi/TB-YT-01/doan-vien/?q=mo le")
    visitor.click("Lê Thị Mơ")


@pytest.mark.journey
def test_somebody_entered_twice_becomes_one_and_two_again(phone, world):
    from tests.cast import SYSTEM
    from thidua.people.domain import rosters

    rosters.enter("Tran Van Dung", world["TB-YT-01"], by=SYSTEM, birth_year=1980)
    phone.sign_in("DV003")
    phone.open("/van-phong/don-vi/TB-YT-01/trung-lap/")
    phone.click("So sánh")
    phone.click("Gộp thành một người")
    phone.agree()
    assert "Đã gộp bản ghi" in phone.text()
    phone.click("Tách lại")
    phone.agree()
    assert "Đã tách lại thành hai bản ghi" in phone.text()
