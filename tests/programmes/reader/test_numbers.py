"""Goals in the words plans use: what is a number to reach, of what, and what is none."""

import pytest

from thidua.programmes.reader import read_text

HEAD = (
    "LIÊN ĐOÀN LAO ĐỘNG TỈNH MẪU\nSố: 51/KH-LĐLĐ\n\nMẫu, ngày 05 tháng 01 năm 2026\n\nKẾ HOẠCH\n\n"
    "Tổ chức phong trào thi đua năm 2026\n\n"
)
TAIL = "\n\nNơi nhận:\n- Các đơn vị;\n- Lưu: VT.\n\nTM. BAN THƯỜNG VỤ\nPHÓ CHỦ TỊCH\n\nNguyễn Văn Mẫu\n"


def read(body):
    return read_text(HEAD + body + TAIL)


def targets(body):
    return [(t["indicator"], t["comparator"], t["value"], t["unit"], t["period"]) for t in read(body).targets]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Phấn đấu đạt 1.5 triệu sáng kiến.", [("initiatives", "exactly", 1500000, "count", None)]),
        ("Phấn đấu có ít nhất 02 (hai) sáng kiến cấp tỉnh.", [("initiatives", "at_least", 2, "count", None)]),
        ("Số lượng sáng kiến: 500.", [("initiatives", "exactly", 500, "count", None)]),
        ("Chỉ tiêu: 1.000 SK.", [("initiatives", "exactly", 1000, "count", None)]),
        ("Sáng kiến đăng ký đạt 350, trong đó cấp cơ sở 300.", [("initiatives", "exactly", 350, "count", None)]),
        ("Phấn đấu 10,000 sáng kiến.", [("initiatives", "exactly", 10000, "count", None)]),
        ("Phấn đấu đạt 200-250 sáng kiến.", [("initiatives", "between", [200, 250], "count", None)]),
        (
            "Phấn đấu giá trị làm lợi từ sáng kiến đạt ít nhất 20 tỷ đồng.",
            [("benefit", "at_least", 20000000000, "count", None)],
        ),
        ("12,5% CNVCLĐ có sáng kiến.", [("participation_rate", "exactly", 12.5, "percent", None)]),
        ("Tỷ lệ đoàn viên có sáng kiến đạt 15%.", [("participation_rate", "exactly", 15, "percent", None)]),
        ("Tỷ lệ CĐCS tham gia đạt từ 90% trở lên.", [("units_responding", "at_least", 90, "percent", None)]),
        (
            "Từ 15% đến 20% đoàn viên có sáng kiến.",
            [("participation_rate", "between", [15, 20], "percent", None)],
        ),
        (
            "Năm 2022: 500 sáng kiến; năm 2023: 700 sáng kiến.",
            [("initiatives", "exactly", 500, "count", "2022"), ("initiatives", "exactly", 700, "count", "2023")],
        ),
        (
            "Mỗi đoàn viên ít nhất 01 sáng kiến, mỗi CĐCS có từ 03 sáng kiến trở lên.",
            [
                ("initiatives", "at_least", 1, "count", "mỗi đoàn viên"),
                ("initiatives", "at_least", 3, "count", "mỗi cđcs"),
            ],
        ),
        (
            "Phát triển mới 12.000 đoàn viên; thành lập 45 CĐCS; ký mới 30 TƯLĐTT.",
            [
                ("members_organised", "exactly", 12000, "count", None),
                ("grassroots_unions_founded", "exactly", 45, "count", None),
                ("agreements_signed", "exactly", 30, "count", None),
            ],
        ),
        (
            "100% công đoàn cấp trên trực tiếp cơ sở và 80% CĐCS phát động, 20% đoàn viên có sáng kiến.",
            [
                ("units_responding", "exactly", 100, "percent", None),
                ("units_responding", "exactly", 80, "percent", None),
                ("participation_rate", "exactly", 20, "percent", None),
            ],
        ),
        ("Phấn đấu tăng 10% số sáng kiến so với năm 2025.", [("other", "exactly", 10, "percent", None)]),
    ],
)
def test_goals(phrase, expected):
    assert targets(f"- {phrase}") == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "Năm 2021 toàn tỉnh đã có 45.120 sáng kiến, đạt 112% kế hoạch.",
        "Toàn tỉnh hiện có 1.250 CĐCS với 185.000 đoàn viên.",
        "Tặng Bằng khen cho 50 tập thể, 100 cá nhân.",
        "Thưởng 500.000 đồng/sáng kiến.",
        "Hưởng ứng Chương trình 75 nghìn sáng kiến, vượt khó, phát triển.",
        "Liên hệ đồng chí Hạnh, số điện thoại 0912.345.678.",
        "Hội nghị tổ chức lúc 16h00, phòng 305, tầng 3.",
    ],
)
def test_numbers_that_are_no_goals(phrase):
    found = read(f"- {phrase}")
    assert found.targets == []
    assert found.warnings == []


def test_a_goal_that_is_not_understood_is_flagged():
    found = read("- Giai đoạn 1 (từ 05/01/2026 đến 30/6/2026): mục tiêu 500.")
    assert found.targets == []
    assert [w["sentence"] for w in found.warnings] == ["Chưa hiểu số «500» là chỉ tiêu gì: hãy nhập nếu là chỉ tiêu."]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Đợt 1: Quý I/2026; Đợt 2: tháng 4, 5, 6/2026.", [("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30")]),
        ("Giai đoạn 1: từ ngày 15/11 đến 28/02/2027.", [("2026-11-15", "2027-02-28")]),
        ("Giai đoạn 1: từ 01/9/2026 đến 31/5.", [("2026-09-01", "2027-05-31")]),
        ("Đợt thi đua nước rút: từ 01/10 đến 31/12/2026.", [("2026-10-01", "2026-12-31")]),
        ("Thời gian thực hiện: Từ tháng 3 năm 2026 đến hết tháng 11 năm 2026.", [("2026-03-01", "2026-11-30")]),
        ("Giai đoạn 2 (năm 2027): tổng kết.", [("2027-01-01", "2027-12-31")]),
        ("Đợt 1 (bắt đầu từ ngày 10/3/2026 và kết thúc ngày 20/5/2026).", [("2026-03-10", "2026-05-20")]),
        ("Giai đoạn 1: từ ngày 01/01 đến ngày 28/7 năm 2026.", [("2026-01-01", "2026-07-28")]),
    ],
)
def test_phases_in_many_words(phrase, expected):
    assert [(p["starts_on"], p["ends_on"]) for p in read(f"- {phrase}").phases] == expected


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("Đợt 1 từ 0l/01/2026 đến 30/6/2026.", "Ngày «0l/01/2026» đọc không rõ: hãy kiểm tra văn bản gốc."),
        ("Giai đoạn 1: từ 01/01 đến 28/7.", "Giai đoạn 1: ngày không ghi năm, được hiểu theo năm của kế hoạch."),
        ("Giai đoạn 1: từ 01/3/2025 đến 28/7/2025.", "Giai đoạn 1 kết thúc trước ngày ban hành kế hoạch."),
        ("Giai đoạn 1: từ 01/3/2026 đến 28/7/2036.", "Giai đoạn 1 kéo dài bất thường: hãy kiểm tra năm."),
        ("Đợt 2: từ 01/6/2026 đến Đại hội XIV.", "Đợt 2: chưa xác định được ngày kết thúc."),
        ("Báo cáo vào tháng 3, tháng 6, tháng 6 và tháng 12.", "«tháng 6» được nêu hai lần."),
        (
            "Kỷ niệm 74 năm Ngày truyền thống (11/6/1948 - 11/6/2023).",
            "Nêu kỷ niệm 74 năm nhưng hai mốc cách nhau 75 năm.",
        ),
        ("Phấn đấu 120% đoàn viên có sáng kiến.", "Tỷ lệ 120% lớn hơn 100%."),
        (
            "Thực hiện Kế hoạch số 10/KH-TLĐ ngày 20/3/2026 của Tổng Liên đoàn.",
            "Văn bản 10/KH-TLĐ có ngày sau ngày ban hành kế hoạch.",
        ),
    ],
)
def test_what_does_not_fit_is_flagged(phrase, sentence):
    assert sentence in [w["sentence"] for w in read(f"- {phrase}").warnings]
