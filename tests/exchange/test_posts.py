"""Posts by Excel: within one's subtree, never above one's own rights, never for oneself."""

from __future__ import annotations

import io
from datetime import date

from tests.exchange.sheets import apply, faults, give, tally, xlsx
from thidua.exchange.domain import outgoing, uploads, work
from thidua.kernel.sheets import importers
from thidua.kernel.sheets.importers import Scope
from thidua.people.models import Post

HEAD = ["Mã đoàn viên", "Họ tên", "Mã đơn vị", "Vai trò", "Chức vụ", "Từ ngày", "Đến ngày"]


def test_posts_are_given_changed_and_taken_back(cast):
    rows = [["DV002", "Tran Van Dung", "TB-YT-01", "Cán bộ công đoàn cơ sở", "Ủy viên", "1/6/2022", "31/12/2024"]]
    upload = give("posts", xlsx(HEAD, *rows), unit=cast["TB"], by=cast.quy)
    assert (tally(upload), faults(upload)) == ((1, 0, 0, 0), {})
    apply(upload, by=cast.quy)
    post = Post.objects.get(person=cast.dung, role="grassroots_officer")
    assert (post.title, post.valid.lower, post.valid.upper) == ("Ủy viên", date(2022, 6, 1), date(2025, 1, 1))
    assert tally(give("posts", xlsx(HEAD, *rows, []), unit=cast["TB"], by=cast.quy)) == (0, 0, 1, 0)
    rows[0][4] = "Phó Chủ tịch"
    second = apply(give("posts", xlsx(HEAD, *rows), unit=cast["TB"], by=cast.quy), by=cast.quy)
    post.refresh_from_db()
    assert post.title == "Phó Chủ tịch"
    for done, title in ((second, "Ủy viên"), (upload, None)):
        done.refresh_from_db()
        uploads.undo(done, by=cast.quy)
        work.run(done.pk)
        done.refresh_from_db()
        assert (done.state, done.fault) == ("undone", "")
        found = Post.objects.filter(person=cast.dung, role="grassroots_officer").first()
        assert (found and found.title) == title


def test_what_one_may_not_give_is_a_fault_of_its_line(cast):
    rows = [
        ["DV005", "", "NT-KCN-01", "Cán bộ công đoàn cơ sở", "", "", ""],
        ["DV002", "Người Khác", "TB-YT-01", "Thành viên hội đồng", "", "", ""],
        ["KHONGCO", "", "TB-YT-01", "Thành viên hội đồng", "", "", ""],
        ["DV002", "", "TB", "Chủ tịch công đoàn (người ký)", "", "", ""],
        [cast.quy.code, "", "TB-YT", "Cán bộ công đoàn cấp trên", "", "", ""],
    ]
    upload = give("posts", xlsx(HEAD, *rows), unit=cast["TB"], by=cast.quy)
    assert tally(upload) == (0, 0, 0, 5)
    found = {number: [fault[0] for fault in told] for number, told in faults(upload).items()}
    assert found[2] == ["unit", "role"] or found[2] == ["unit"]
    assert found[3] == ["full_name"]
    assert found[4] == ["person"]
    assert found[5] == ["role"]
    assert found[6] == ["person"]


def test_an_export_read_back_changes_nothing(cast):
    made, province = io.BytesIO(), cast["TB-YT"]
    posts = importers.named("posts")
    written = outgoing.write_template(made, posts, posts.rows(province, Scope(((province.lft, province.rgt),))))
    upload = give("posts", made.getvalue(), unit=cast["TB"], by=cast.quy)
    assert (tally(upload), faults(upload)) == ((0, 0, written, 0), {})
