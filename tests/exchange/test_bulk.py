"""Files of many lines: statements by the batch, never by the line; one numbering of the tree; undo of all of it."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.exchange.sheets import apply, give, tally, xlsx
from thidua.exchange.domain import rehearsals, uploads, work
from thidua.initiatives.models import Initiative
from thidua.kernel.sheets import importers
from thidua.ledger.models import Act
from thidua.notify.models import Notice
from thidua.orgs.domain import changes, tree
from thidua.orgs.models import Headcount, Unit, UnitEvent, UnitKind
from thidua.people import queries
from thidua.people.models import Membership, Person, Post

PEOPLE = ["Mã đoàn viên", "Họ và tên", "Đơn vị", "Ngày vào đơn vị", "Ngày thôi"]
UNITS = ["Mã đơn vị", "Tên đơn vị", "Loại", "Cấp trên trực tiếp", "Tổng số đoàn viên", "Ngày thành lập", "Ký hiệu"]


def _name(n: int) -> str:
    return f"Người Thứ {chr(65 + n % 26)}{'abcdefghijklmnop'[n // 26 % 16]}{'abcdefghijklmnop'[n // 416]}"


def _people(n: int, start: int, unit: str, since: str = "01/02/2021", left: str = "") -> bytes:
    return xlsx(PEOPLE, *[[f"B-{start + i}", _name(i), unit, since, left] for i in range(n)])


def _units(n: int, start: int, parent: str, members: int = 50, symbol: str = "") -> bytes:
    lines = [
        [f"TB-K{start + i}", f"CĐCS Công ty {start + i}", "Công đoàn cơ sở", parent, members, "01/03/2021", symbol]
        for i in range(n)
    ]
    return xlsx(UNITS, *lines)


def _undo(upload, *, by):
    uploads.undo(upload, by=by)
    work.run(upload.pk)
    upload.refresh_from_db()
    return upload


def _steps(importer, files, *, unit, by) -> list[int]:
    """Statements of checking and applying each file in turn, then of undoing the last."""
    counted, upload = [], None
    for content in files:
        with CaptureQueriesContext(connection) as captured:
            upload = give(importer, content, unit=unit, by=by)
        assert (upload.state, upload.bad) == ("checked", 0), upload.fault
        counted.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            upload = apply(upload, by=by)
        assert (upload.state, upload.bad) == ("applied", 0), upload.fault
        counted.append(len(captured))
    with CaptureQueriesContext(connection) as captured:
        upload = _undo(upload, by=by)
    assert upload.state == "undone", upload.fault
    return [*counted, len(captured)]


def test_entering_moving_and_leaving_cost_statements_by_the_batch(cast):
    def run(n, start):
        files = [
            _people(n, start, "TB-YT-01"),
            _people(n, start, "TB-YT", "01/05/2021"),
            _people(n, start, "", "", "01/02/2022"),
        ]
        return _steps("people", files, unit=cast["TB"], by=cast.quy)

    few, many = run(5, 1000), run(200, 5000)
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)


def test_transfers_of_a_file_keep_history_and_are_taken_back(cast):
    apply(give("people", _people(3, 100, "TB-YT-01"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    person = Person.objects.get(code="B-100")
    post = Post.objects.create(person=person, unit=cast["TB-YT-01"], role="council_member", valid=("2021-03-01", None))
    moved = apply(give("people", _people(3, 100, "TB-YT", "01/05/2021"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    homes = Membership.objects.filter(person=person).order_by("valid").values_list("unit__code", "valid")
    assert [(code, valid.lower, valid.upper) for code, valid in homes] == [
        ("TB-YT-01", date(2021, 2, 1), date(2021, 5, 1)),
        ("TB-YT", date(2021, 5, 1), None),
    ]
    acts = Act.objects.filter(kind="people.person.transferred", subject_id=person.pk)
    assert [(act.before, act.after) for act in acts] == [
        ({"unit": "TB-YT-01"}, {"unit": "TB-YT", "on": "2021-05-01"}),
    ]
    gone = apply(give("people", _people(3, 100, "", "", "01/02/2022"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    post.refresh_from_db()
    person.refresh_from_db()
    assert (person.left_on, post.valid.upper) == (date(2022, 2, 1), date(2022, 2, 1))
    assert Act.objects.filter(kind="people.post.ended", subject_id=person.pk).count() == 1

    refused = _undo(moved, by=cast.quy)
    assert (refused.state, "đã thôi sau đó" in refused.fault) == ("applied", True)
    _undo(gone, by=cast.quy)
    post.refresh_from_db()
    person.refresh_from_db()
    assert (person.left_on, person.unit.code, post.valid.upper) == (None, "TB-YT", None)
    _undo(moved, by=cast.quy)
    person.refresh_from_db()
    assert (person.unit.code, person.memberships.get().valid.upper) == ("TB-YT-01", None)


def test_a_transfer_followed_by_another_is_not_taken_back(cast):
    apply(give("people", _people(2, 300, "TB-YT-01"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    moved = apply(give("people", _people(2, 300, "TB-YT", "01/05/2021"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    apply(give("people", _people(1, 300, "TB-YT-01", "01/06/2021"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    undone = _undo(moved, by=cast.quy)
    assert undone.state == "applied"
    assert "đã được chuyển đơn vị sau đó" in undone.fault
    assert Person.objects.get(code="B-301").unit.code == "TB-YT"  # all or nothing


def test_founding_amending_and_counting_units_cost_statements_by_the_batch(cast, monkeypatch):
    numbered = []
    real = tree.renumber
    monkeypatch.setattr(tree, "renumber", lambda: (numbered.append(1), real()))

    def run(n, start):
        files = [_units(n, start, "TB-YT"), _units(n, start, "TB-YT", members=60, symbol="CĐK")]
        return _steps("units", files, unit=cast["TB"], by=cast.quy)

    few = run(5, 1000)
    assert len(numbered) == 1
    many = run(200, 5000)
    assert len(numbered) == 2  # once a file
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)


def _renamed(n: int, start: int) -> bytes:
    """Another name, kind and parent for each of `_units`; to three parents."""
    parents = ("TB", "TB-YT-01", "TB-YT-02")
    lines = [
        [f"TB-K{start + i}", f"CĐ bộ phận {start + i}", "Công đoàn bộ phận", parents[i % 3], "", "01/05/2021", ""]
        for i in range(n)
    ]
    return xlsx(UNITS, *lines)


def test_new_names_kinds_and_parents_cost_statements_by_the_batch(cast):
    def run(n, start):
        return _steps("units", [_units(n, start, "TB-YT"), _renamed(n, start)], unit=cast["TB"], by=cast.quy)

    few, many = run(5, 1000), run(200, 5000)
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)
    assert Unit.objects.filter(code__startswith="TB-K", parent__code="TB-YT", kind="grassroots").count() == 205


def test_lines_of_a_file_are_written_as_the_verbs_write_them(cast):
    apply(give("units", _units(2, 40, "TB-YT"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    by_hand, by_file = Unit.objects.get(code="TB-K40"), Unit.objects.get(code="TB-K41")
    decision = changes.Decision(date(2021, 5, 1))
    changes.rename(by_hand, "CĐ bộ phận 41", decision=decision, by=cast.quy)
    changes.reclassify(by_hand, UnitKind.objects.get(pk="section"), decision=decision, by=cast.quy)
    changes.move(by_hand, cast["TB-YT-01"], decision=decision, by=cast.quy)
    line = ["TB-K41", "CĐ bộ phận 41", "Công đoàn bộ phận", "TB-YT-01", "", "01/05/2021", ""]
    apply(give("units", xlsx(UNITS, line), unit=cast["TB"], by=cast.quy), by=cast.quy)

    def written(unit):
        events = [(e.kind, e.effective_on, e.other_id, e.details) for e in unit.changes.order_by("pk")]
        acts = Act.objects.filter(subject_type="orgs.unit", subject_id=unit.pk).exclude(kind="orgs.unit.headcount")
        noted = sorted((act.kind, str(act.before), str(act.after), act.unit_id == unit.pk) for act in acts)
        homes = [(home.parent_id, home.valid) for home in unit.affiliations.order_by("valid")]
        names = [(name.name, name.valid) for name in unit.names.order_by("valid")]
        return str((events, noted, homes, names)).replace("ty 40", "ty 41")

    assert written(by_file) == written(by_hand)


POSTS = ["Mã đoàn viên", "Mã đơn vị", "Vai trò", "Chức vụ", "Từ ngày", "Đến ngày"]


def _posts(n: int, start: int, title: str, until: str) -> bytes:
    role = "Cán bộ công đoàn cơ sở"
    return xlsx(POSTS, *[[f"B-{start + i}", "TB-YT-01", role, title, "01/06/2022", until] for i in range(n)])


def test_posts_are_given_put_right_and_taken_away_by_the_batch(cast):
    def run(n, start):
        apply(give("people", _people(n, start, "TB-YT-01"), unit=cast["TB"], by=cast.quy), by=cast.quy)
        files = [_posts(n, start, "Ủy viên", ""), _posts(n, start, "Phó Chủ tịch", "31/12/2024")]
        given, corrected = (_steps("posts", [content], unit=cast["TB"], by=cast.quy) for content in files[:1] * 2)
        assert given == corrected  # taken away whole
        return [*given, *_steps("posts", files, unit=cast["TB"], by=cast.quy)]

    few, many = run(5, 1000), run(200, 5000)
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)
    posts = Post.objects.filter(person__code__startswith="B-")
    assert {(post.title, post.valid.upper) for post in posts} == {("Ủy viên", None)}
    assert Notice.objects.filter(kind="appointments.granted", person__code="B-5007").count() == 3
    kinds = Act.objects.filter(subject_id=posts[0].person_id, kind__contains=".post.").values_list("kind", flat=True)
    assert [kind.partition(".post.")[2] for kind in kinds.order_by("pk")] == [
        "granted", "ended", "granted", "ended", "granted", "changed", "changed",
    ]  # fmt: skip


def test_units_founded_by_a_file_are_whole_and_go_again(cast):
    upload = apply(give("units", _units(4, 10, "TB-YT", symbol="CĐK"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    unit, above = Unit.objects.get(code="TB-K12"), Unit.objects.get(code="TB-YT")
    assert above.lft < unit.lft < unit.rgt <= above.rgt
    assert (unit.symbol, unit.depth) == ("CĐK", above.depth + 1)
    assert unit.names.get().name == "CĐCS Công ty 12"
    assert unit.affiliations.get().parent == above
    assert Act.objects.filter(kind="orgs.unit.establish", subject_id=unit.pk).exists()
    assert Headcount.objects.get(unit=unit).members == 50
    again = give("units", _units(4, 10, "TB-YT", symbol="CĐK"), unit=cast["TB"], by=cast.quy)
    assert tally(again) == (0, 0, 4, 0)
    _undo(upload, by=cast.quy)
    assert upload.state == "undone", upload.fault
    assert not Unit.objects.filter(code__startswith="TB-K").exists()
    assert not UnitEvent.objects.filter(unit=unit.pk).exists()
    assert Act.objects.filter(kind="orgs.unit.taken_back").count() == 4


def test_units_with_people_in_them_are_not_undone(cast):
    upload = apply(give("units", _units(2, 20, "TB-YT"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    apply(give("people", _people(1, 700, "TB-K20"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    undone = _undo(upload, by=cast.quy)
    assert undone.state == "applied"
    assert "đã có dữ liệu gắn với nó" in undone.fault
    assert Unit.objects.filter(code__startswith="TB-K").count() == 2


def test_any_number_of_units_may_be_written_by_name(cast):
    apply(give("units", _units(90, 2000, "TB-YT"), unit=cast["TB"], by=cast.quy), by=cast.quy)
    lines = [[f"B-{n}", _name(n), f"cđcs  công ty {2000 + n}", "", ""] for n in range(90)]
    with CaptureQueriesContext(connection) as captured:
        upload = give("people", xlsx(PEOPLE, *lines), unit=cast["TB"], by=cast.quy)
    assert tally(upload) == (90, 0, 0, 0)
    assert len(captured) < 60


IDEAS = ["Mã đoàn viên", "Họ và tên tác giả", "Tên sáng kiến", "Trước khi có sáng kiến", "Đã làm khác đi", "Đồng tác giả", "Người lao động đồng ý"]  # fmt: skip


def _ideas(n: int, tag: str) -> bytes:
    """Every second one with a co-author."""
    words = ["Phải đi lại nhiều lần mỗi ca trực.", "Đặt kệ thuốc ngay đầu mỗi buồng bệnh."]
    lines = [["DV001", "Nguyễn Thị An", f"{tag} số {i}", *words, "DV002: 30%" * (i % 2), "Có"] for i in range(n)]
    return xlsx(IDEAS, *lines)


def test_a_list_of_initiatives_is_filed_and_taken_back_by_the_batch(cast):
    def run(n, tag):
        return _steps("initiatives", [_ideas(n, tag)], unit=cast["TB-YT-01"], by=cast.binh)

    few, many = run(5, "Kệ thuốc đầu buồng bệnh"), run(200, "Giá treo bình ô-xy")
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)
    assert Initiative.objects.filter(state="withdrawn", due_on=None).count() == 205
    withdrawn = Act.objects.filter(kind="initiatives.initiative.withdrawn")
    assert withdrawn.count() == 205
    assert {(a.before["state"], a.after["state"], a.unit_id) for a in withdrawn} == {
        ("submitted", "withdrawn", cast.an.unit_id)
    }
    assert Notice.objects.filter(kind="initiatives.withdrawn.author", person=cast.an).count() == 205
    assert Notice.objects.filter(kind="initiatives.withdrawn.author", person=cast.dung).count() == 2 + 100
    told = Notice.objects.filter(kind="initiatives.withdrawn", person=cast.chi).order_by("pk")
    assert [notice.headline for notice in told] == [
        "5 sáng kiến nhập hộ bằng Excel đã được rút",
        "200 sáng kiến nhập hộ bằng Excel đã được rút",
    ]


def _ideas_of_strangers(n: int, start: int) -> bytes:
    """Each by somebody nobody knows; every fourth one has a second idea, every fifth a phone."""
    head = [*IDEAS, "SĐT"]
    words = ["Phải đi lại nhiều lần mỗi ca trực.", "Đặt kệ thuốc ngay đầu mỗi buồng bệnh."]
    phones = [f"098{start + i:07}" if i % 5 == 0 else "" for i in range(n)]
    lines = [
        ["", _name(start + i), f"Kệ thuốc đầu buồng số {start + i} lần {time}", *words, "", "Có", phones[i]]
        for i in range(n)
        for time in range(1 + (i % 4 == 0))
    ]
    return xlsx(head, *lines)


def test_authors_nobody_knows_are_entered_by_the_batch(cast):
    before = Person.objects.count()

    def run(n, start):
        return _steps("initiatives", [_ideas_of_strangers(n, start)], unit=cast["TB-YT-01"], by=cast.binh)

    few, many = run(8, 0), run(200, 1000)
    assert all(b <= a + 6 for a, b in zip(few, many, strict=True)), (few, many)
    assert Person.objects.count() == before  # the undo took back whom only the list knew
    apply(give("initiatives", _ideas_of_strangers(200, 1000), unit=cast["TB-YT-01"], by=cast.binh), by=cast.binh)
    assert Person.objects.count() == before + 200
    new = Person.objects.get(full_name=_name(1000))
    assert (new.phone, new.unit.code, new.memberships.get().unit.code) == ("0980001000", "TB-YT-01", "TB-YT-01")
    assert new.code.startswith("DV-")
    assert new.search == queries.search_text(new.full_name, new.code, new.phone)
    assert Initiative.objects.filter(authorships__person=new).count() == 2
    entered = Act.objects.filter(kind="people.person.entered", subject_id=new.pk)
    assert [(act.actor_id, act.after) for act in entered] == [(cast.binh.pk, {"unit": "TB-YT-01"})]


def test_a_rehearsal_measures_and_leaves_nothing_behind(cast):
    before = Person.objects.count()
    content = _people(20, 900, "TB-YT-01")
    stages = rehearsals.rehearse(importers.named("people"), content, unit=cast["TB"], by=cast.quy)
    assert [stage.name for stage in stages] == ["check", "apply", "check again", "undo"]
    assert [stage.counts for stage in stages[:3]] == [(20, 0, 0, 0), (20, 0, 0, 0), (0, 0, 20, 0)]
    assert all(0 < stage.statements < 150 for stage in stages)
    assert Person.objects.count() == before
