"""Both organisation trees of the demonstration. Firms are invented; no headcount is a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SINCE = date(2018, 1, 1)


@dataclass(frozen=True)
class Place:
    """One unit; `roster` is how many generated people it gets, `members` its declared headcount."""

    code: str
    name: str
    short_name: str
    symbol: str
    kind: str
    parent: str
    place: str
    sector: str = ""
    employer: str = "none"
    members: int = 0
    women: int = 0
    direct_workers: int = 0
    roster: int = 0


UPPER = (
    Place(
        "TLD",
        "Tổng Liên đoàn Lao động Việt Nam",
        "Tổng LĐLĐ Việt Nam",
        "TLĐ",
        "confederation",
        "",
        "Hà Nội",
        roster=4,
    ),
    Place(
        "TB",
        "Liên đoàn Lao động tỉnh Thái Bình",
        "LĐLĐ tỉnh Thái Bình",
        "LĐLĐ",
        "provincial",
        "TLD",
        "Thái Bình",
        roster=8,
    ),
    Place(
        "TB-YT",
        "Công đoàn ngành Y tế Thái Bình",
        "CĐ ngành Y tế Thái Bình",
        "CĐYT",
        "sectoral",
        "TB",
        "Thái Bình",
        "health",
        roster=8,
    ),
    Place(
        "NT",
        "Liên đoàn Lao động tỉnh Ninh Thuận",
        "LĐLĐ tỉnh Ninh Thuận",
        "LĐLĐ",
        "provincial",
        "TLD",
        "Ninh Thuận",
        roster=8,
    ),
)

# code, name, declared members, generated people
HOSPITALS = (
    ("01", "Bệnh viện Đa khoa tỉnh", 812, 70), ("02", "Bệnh viện Nhi", 356, 40), ("03", "Bệnh viện Phụ sản", 298, 34),
    ("04", "Bệnh viện Tâm thần", 142, 22), ("05", "Bệnh viện Y học cổ truyền", 164, 24), ("06", "Bệnh viện Phổi", 121, 20),
    ("07", "Bệnh viện Mắt", 88, 18), ("08", "Bệnh viện Da liễu", 62, 16), ("09", "Bệnh viện Phục hồi chức năng", 131, 20),
    ("10", "Bệnh viện Đa khoa huyện Tiền Hải", 214, 26), ("11", "Bệnh viện Đa khoa huyện Hưng Hà", 201, 26),
    ("12", "Bệnh viện Đa khoa huyện Quỳnh Phụ", 208, 26), ("13", "Bệnh viện Đa khoa huyện Thái Thụy", 196, 26),
    ("14", "Bệnh viện Đa khoa huyện Đông Hưng", 187, 24), ("15", "Bệnh viện Đa khoa huyện Vũ Thư", 176, 24),
    ("16", "Trung tâm Kiểm soát bệnh tật", 156, 24), ("17", "Trung tâm Y tế huyện Kiến Xương", 148, 22),
    ("18", "Trung tâm Y tế Thành phố", 117, 20), ("19", "Trung tâm Y tế huyện Tiền Hải", 109, 18),
    ("20", "Trung tâm Cấp cứu 115", 54, 14), ("21", "Trung tâm Kiểm nghiệm thuốc", 47, 12),
    ("22", "Trung tâm Pháp y", 23, 10), ("23", "Chi cục Dân số", 38, 12), ("24", "Văn phòng Sở Y tế", 72, 14),
)  # fmt: skip
SECTIONS = (
    ("TB-YT-01", "NOI", "Khoa Nội tổng hợp"), ("TB-YT-01", "HSCC", "Khoa Hồi sức cấp cứu"),
    ("TB-YT-01", "XN", "Khoa Xét nghiệm"), ("TB-YT-02", "SS", "Khoa Sơ sinh"), ("TB-YT-02", "DD", "Phòng Điều dưỡng"),
    ("TB-YT-03", "SAN", "Khoa Sản thường"), ("NT-KCN-01", "CH1", "Chuyền may 1"), ("NT-KCN-01", "CH2", "Chuyền may 2"),
    ("NT-KCN-02", "PX1", "Phân xưởng Sơ chế"), ("NT-PR-01", "KT", "Phòng Kỹ thuật"),
)  # fmt: skip
NT_MIDDLE = (
    # code, name, symbol, kind, sector
    ("PR", "Liên đoàn Lao động thành phố Phan Rang – Tháp Chàm", "LĐLĐ TP Phan Rang – Tháp Chàm", "district"),
    ("NP", "Liên đoàn Lao động huyện Ninh Phước", "LĐLĐ huyện Ninh Phước", "district"),
    ("NH", "Liên đoàn Lao động huyện Ninh Hải", "LĐLĐ huyện Ninh Hải", "district"),
    ("NS", "Liên đoàn Lao động huyện Ninh Sơn", "LĐLĐ huyện Ninh Sơn", "district"),
    ("BA", "Liên đoàn Lao động huyện Bác Ái", "LĐLĐ huyện Bác Ái", "district"),
    ("TBA", "Liên đoàn Lao động huyện Thuận Bắc", "LĐLĐ huyện Thuận Bắc", "district"),
    ("TN", "Liên đoàn Lao động huyện Thuận Nam", "LĐLĐ huyện Thuận Nam", "district"),
    ("GD", "Công đoàn ngành Giáo dục Ninh Thuận", "CĐ ngành Giáo dục", "sectoral"),
    ("YT", "Công đoàn ngành Y tế Ninh Thuận", "CĐ ngành Y tế", "sectoral"),
    ("VC", "Công đoàn Viên chức tỉnh Ninh Thuận", "CĐ Viên chức tỉnh", "sectoral"),
    ("KCN", "Công đoàn Các Khu công nghiệp Ninh Thuận", "CĐ Các Khu công nghiệp", "zone"),
)
NT_GRASSROOTS = (
    # parent, number, name, sector, employer, members, people
    ("KCN", "01", "Công ty May Hạnh Phúc Phan Rang", "garment", "enterprise", 1860, 90),
    ("KCN", "02", "Công ty Thủy sản Cà Ná Xanh", "food", "enterprise", 940, 60),
    ("KCN", "03", "Công ty Bia nước giải khát Tháp Vàng", "food", "enterprise", 310, 34),
    ("KCN", "04", "Công ty Bao bì Du Long Mới", "manufacturing", "enterprise", 265, 30),
    ("KCN", "05", "Công ty Nhân hạt điều Phước Nam", "food", "enterprise", 520, 44),
    ("PR", "01", "Công ty Cấp nước Tháp Chàm", "water", "enterprise", 238, 30),
    ("PR", "02", "Công ty Công trình đô thị Phan Rang", "water", "enterprise", 276, 32),
    ("PR", "03", "Công ty Xây dựng Đầm Nại", "construction", "enterprise", 154, 24),
    ("PR", "04", "Cơ quan UBND thành phố", "administration", "agency", 96, 20),
    ("PR", "05", "Trung tâm Dịch vụ đô thị", "administration", "public_service", 62, 16),
    ("NP", "01", "Công ty Giống cây trồng Ninh Phước", "agriculture", "enterprise", 118, 22),
    ("NP", "02", "Hợp tác xã Nho Ba Mọi Mới", "agriculture", "enterprise", 47, 14),
    ("NP", "03", "Cơ quan UBND huyện Ninh Phước", "administration", "agency", 84, 18),
    ("NH", "01", "Công ty Muối Đầm Vua Mới", "salt", "enterprise", 342, 36),
    ("NH", "02", "Công ty Tôm giống Vĩnh Hy", "agriculture", "enterprise", 126, 22),
    ("NH", "03", "Cơ quan UBND huyện Ninh Hải", "administration", "agency", 79, 18),
    ("NS", "01", "Công ty Mía đường Lâm Sơn", "food", "enterprise", 286, 32),
    ("NS", "02", "Công ty Thủy điện Sông Ông Xanh", "energy", "enterprise", 92, 20),
    ("NS", "03", "Cơ quan UBND huyện Ninh Sơn", "administration", "agency", 71, 16),
    ("BA", "01", "Cơ quan UBND huyện Bác Ái", "administration", "agency", 66, 16),
    ("BA", "02", "Ban Quản lý rừng phòng hộ Phước Bình", "agriculture", "public_service", 58, 16),
    ("TBA", "01", "Công ty Điện gió Lợi Hải", "energy", "enterprise", 74, 18),
    ("TBA", "02", "Công ty Đá xây dựng Thuận Bắc", "construction", "enterprise", 133, 22),
    ("TN", "01", "Công ty Điện mặt trời Phước Minh", "energy", "enterprise", 68, 18),
    ("TN", "02", "Công ty Muối Cà Ná Trắng", "salt", "enterprise", 318, 34),
    ("TN", "03", "Cơ quan UBND huyện Thuận Nam", "administration", "agency", 63, 16),
    ("GD", "01", "Trường THPT Chuyên Ninh Sơn", "education", "public_service", 84, 22),
    ("GD", "02", "Trường THPT Nguyễn Trãi Phan Rang", "education", "public_service", 112, 24),
    ("GD", "03", "Trường THPT Tháp Chàm", "education", "public_service", 97, 22),
    ("GD", "04", "Trường Phổ thông Dân tộc nội trú tỉnh", "education", "public_service", 68, 18),
    ("YT", "01", "Bệnh viện Đa khoa tỉnh Ninh Thuận", "health", "public_service", 742, 60),
    ("YT", "02", "Trung tâm Kiểm soát bệnh tật Ninh Thuận", "health", "public_service", 128, 24),
    ("YT", "03", "Trung tâm Y tế huyện Ninh Phước", "health", "public_service", 164, 26),
    ("VC", "01", "Sở Tài chính", "administration", "agency", 82, 18),
    ("VC", "02", "Sở Nông nghiệp và Phát triển nông thôn", "administration", "agency", 236, 28),
    ("VC", "03", "Đài Phát thanh và Truyền hình tỉnh", "administration", "public_service", 91, 20),
)
_DIRECT_SHARE = {"enterprise": 0.82, "public_service": 0.55, "agency": 0.1}
_WOMEN_SHARE = {"health": 0.66, "garment": 0.84, "education": 0.68, "food": 0.58}


def _grassroots(
    code: str, name: str, parent: str, place: str, sector: str, employer: str, size: tuple[int, int]
) -> Place:
    members, roster = size
    return Place(
        code=code,
        name=f"CĐCS {name}",
        short_name=f"CĐCS {name}",
        symbol="CĐCS",
        kind="grassroots",
        parent=parent,
        place=place,
        sector=sector,
        employer=employer,
        members=members,
        women=round(members * _WOMEN_SHARE.get(sector, 0.42)),
        direct_workers=round(members * _DIRECT_SHARE[employer]),
        roster=roster,
    )


def all_places() -> list[Place]:
    """Every unit, parents before children."""
    places = list(UPPER)
    for number, name, members, roster in HOSPITALS:
        employer = "agency" if number in ("23", "24") else "public_service"
        places.append(_grassroots(f"TB-YT-{number}", name, "TB-YT", "Thái Bình", "health", employer, (members, roster)))
    for code, name, short, kind in NT_MIDDLE:
        symbol = {"district": "LĐLĐ", "sectoral": f"CĐ{code}", "zone": "CĐKCN"}[kind]
        places.append(Place(f"NT-{code}", name, short, symbol, kind, "NT", "Ninh Thuận", roster=3))
    for parent, number, name, sector, employer, members, roster in NT_GRASSROOTS:
        code = f"NT-{parent}-{number}"
        places.append(_grassroots(code, name, f"NT-{parent}", "Ninh Thuận", sector, employer, (members, roster)))
    by_code = {place.code: place for place in places}
    for parent, code, name in SECTIONS:
        above = by_code[parent]
        places.append(
            Place(
                f"{parent}-{code}", f"Công đoàn bộ phận {name}", f"CĐBP {name}", "CĐBP", "section", parent,
                above.place, above.sector, above.employer,
            )
        )  # fmt: skip
    return places
