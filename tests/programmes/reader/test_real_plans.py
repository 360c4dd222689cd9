"""Both real plans, value by value."""

from pathlib import Path

import pytest

from thidua.programmes.reader import read_file

PLANS = Path(__file__).parent / "plans"


@pytest.fixture(scope="module")
def thai_binh():
    return read_file(PLANS / "17-KH-CDYT-thai-binh-2022.txt")


@pytest.fixture(scope="module")
def ninh_thuan():
    return read_file(PLANS / "KH-LDLD-ninh-thuan-2022.txt")


def phases(plan):
    names = ("name", "kind", "starts_on", "ends_on", "eligible_from", "eligible_to")
    return [tuple(p[n] for n in names) + (p["source"]["line"],) for p in plan.phases]


def targets(plan):
    names = ("indicator", "comparator", "value", "unit", "phase", "period")
    return [tuple(t[n] for n in names) + (t["source"]["line"],) for t in plan.targets]


def test_thai_binh_frame(thai_binh):
    assert (thai_binh.number, thai_binh.symbol, thai_binh.issued_on) == (17, "KH-CĐYT", "2022-01-12")
    assert (thai_binh.place, thai_binh.issuer) == ("Thái Bình", "Công đoàn ngành Y tế Thái Bình")
    assert thai_binh.title.startswith("Thực hiện Chương trình “01 triệu sáng kiến")
    assert thai_binh.sources["number"]["line"] == 3
    assert thai_binh.signed_for == "TM. BAN THƯỜNG VỤ CHỦ TỊCH"
    assert thai_binh.signer is None
    assert [w["sentence"] for w in thai_binh.warnings] == ["Chưa có tên người ký."]


def test_thai_binh_references(thai_binh):
    assert [(r["number"], r["issued_on"]) for r in thai_binh.implements] == [("154/KH-LĐLĐ", "2022-01-10")]
    assert [(r["number"], r["issued_on"], r["relation"]) for r in thai_binh.basis] == [
        ("139/KH-LĐLĐ", "2021-09-14", "linked")
    ]


def test_thai_binh_phases(thai_binh):
    assert phases(thai_binh) == [
        ("Giai đoạn 1", "phase", "2022-01-12", "2022-05-31", "2021-09-01", None, 25),
        ("Giai đoạn 2", "phase", "2022-06-01", "2023-09-30", None, None, 27),
    ]


def test_thai_binh_targets(thai_binh):
    assert targets(thai_binh) == [
        ("participation_rate", "at_least", 10, "percent", None, "2022–2023", 23),
        ("initiatives", "exactly", 100, "count", "Giai đoạn 1", None, 25),
        ("initiatives", "exactly", 150, "count", "Giai đoạn 2", None, 27),
    ]


def test_thai_binh_movements_with_audiences(thai_binh):
    found = {m["name"].split(",")[0].split(" - ")[0]: (m["kind"], m["audience"]) for m in thai_binh.movements}
    assert found == {
        "01 triệu sáng kiến": ("programme", "all"),
        "Đổi mới": ("movement", "union_officers"),
        "Lao động giỏi": ("movement", "enterprise_workers"),
        "Năng suất cao": ("movement", "enterprise_workers"),
        "Tham mưu giỏi": ("movement", "agencies"),
        "Cán bộ": ("drive", "agencies"),
        "Cả nước chung sức xây dựng nông thôn mới": ("movement", "all"),
        "Công nhân": ("movement", "all"),
    }


def test_thai_binh_duties_and_recipients(thai_binh):
    assert [(d["who"], d["source"]["line"]) for d in thai_binh.duties] == [
        ("Công đoàn ngành", 55),
        ("Công đoàn ngành", 57),
        ("Công đoàn cơ sở", 61),
        ("Công đoàn cơ sở", 63),
        ("Công đoàn cơ sở", 65),
        ("Công đoàn cơ sở", 67),
        ("các Công đoàn cơ sở", 69),
    ]
    assert thai_binh.duties[5]["recurring"] == "Định kỳ"
    assert [r["text"] for r in thai_binh.recipients] == [
        "LĐLĐ tỉnh",
        "LĐ Sở Y tế",
        "BTV, BCH, UBKT Công đoàn ngành",
        "Các CĐCS trực thuộc",
        "Lưu: VP CĐN",
    ]


def test_ninh_thuan_is_a_draft_and_says_so(ninh_thuan):
    assert (ninh_thuan.number, ninh_thuan.issued_on, ninh_thuan.year) == (None, None, 2022)
    assert ninh_thuan.signer == "Trần Văn Đông"
    assert [(w["line"], w["sentence"].split(":")[0]) for w in ninh_thuan.warnings] == [
        (3, "Văn bản chưa có số"),
        (5, "Chưa có ngày, tháng ban hành"),
        (31, "Giai đoạn 1"),
    ]
    assert [(r["number"], r["issued_on"]) for r in ninh_thuan.basis] == [("02/CT-UBND", "2022-01-10")]


def test_ninh_thuan_phases_and_rounds(ninh_thuan):
    assert phases(ninh_thuan) == [
        ("Giai đoạn 1", "phase", None, "2022-05-31", "2021-09-01", "2022-05-31", 31),
        ("Giai đoạn 2", "phase", "2022-06-01", "2023-09-30", None, None, 33),
        ("Đợt thi đua đặc biệt", "round", "2022-01-01", "2022-04-16", None, None, 59),
        ("Đợt thi đua thứ hai", "round", "2022-04-17", "2022-06-30", None, None, 61),
        ("Đợt thi đua thứ ba", "round", "2022-07-01", "2022-12-31", None, None, 63),
    ]
    assert ninh_thuan.phases[2]["theme"].startswith("Thi đua lập thành tích xuất sắc chào mừng kỷ niệm 30 năm")


def test_ninh_thuan_targets(ninh_thuan):
    assert targets(ninh_thuan) == [
        ("initiatives", "at_least", 3000, "count", None, "2022–2023", 29),
        ("initiatives", "exactly", 1000, "count", "Giai đoạn 1", None, 31),
        ("initiatives", "exactly", 2000, "count", "Giai đoạn 2", None, 33),
    ]


def test_ninh_thuan_movements(ninh_thuan):
    audiences = {m["name"]: m["audience"] for m in ninh_thuan.movements}
    assert len(audiences) == 15
    assert audiences["Năng suất cao, chất lượng tốt"] == "enterprise_workers"
    assert audiences["Tham mưu giỏi, phục vụ tốt"] == "agencies"
    assert audiences["Giỏi việc nước, đảm việc nhà"] == "all"
    slogans = [n for n in audiences if n.startswith(("Chăm lo việc làm", "Đoàn kết, sáng tạo"))]
    assert slogans == []


def test_ninh_thuan_duties(ninh_thuan):
    assert [(d["who"], d["source"]["line"]) for d in ninh_thuan.duties] == [
        ("LĐLĐ tỉnh", 29),
        ("Ban Công tác cơ sở", 67),
        ("Ban Công tác cơ sở", 69),
        ("Các LĐLĐ huyện, thành phố, công đoàn ngành, Công đoàn Các Khu công nghiệp", 71),
        ("các cấp công đoàn", 75),
        ("Các đơn vị", 77),
    ]
    assert ninh_thuan.duties[4]["recurring"] == "Sau mỗi đợt thi đua"
    assert len(ninh_thuan.recipients) == 10
