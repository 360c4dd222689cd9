"""Generated people: plausible Vietnamese names, nobody real, telephone numbers nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FAMILY = ("Nguyễn " * 31 + "Trần " * 11 + "Lê " * 9 + "Phạm " * 7 + "Hoàng " * 5 + "Vũ " * 4 + "Đặng " * 3
          + "Bùi " * 3 + "Đỗ " * 3 + "Ngô " * 2 + "Dương " * 2 + "Lý Phan Võ Đinh Mai Tô Trịnh Cao Lưu Hà Tạ Chu").split()  # fmt: skip
MIDDLE = {
    True: ("Thị " * 9 + "Thu Thanh Ngọc Minh Hồng Kim Bích Phương Diệu Mai").split(),
    False: ("Văn " * 8 + "Đức Hữu Minh Quang Thanh Công Xuân Đình Ngọc Trọng Anh Tuấn").split(),
}
GIVEN = {
    True: ["An", "Anh", "Bích", "Châu", "Chi", "Dung", "Duyên", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hoài", "Hồng", "Huệ", "Hương", "Huyền", "Lan", "Lệ", "Liên", "Linh", "Loan", "Ly", "Mai", "My", "Nga", "Ngân", "Ngọc", "Nguyệt", "Nhàn", "Nhung", "Oanh", "Phương", "Phượng", "Quyên", "Quỳnh", "Sen", "Tâm", "Thảo", "Thắm", "Thơm", "Thu", "Thủy", "Thúy", "Trang", "Trinh", "Tuyết", "Uyên", "Vân", "Xuân", "Yến"],
    False: ["An", "Bình", "Chiến", "Chung", "Cường", "Dũng", "Duy", "Đại", "Đạt", "Điệp", "Đông", "Đức", "Giang", "Hải", "Hào", "Hiếu", "Hoàn", "Hoàng", "Hùng", "Huy", "Hưng", "Khánh", "Khoa", "Kiên", "Lâm", "Long", "Lộc", "Mạnh", "Minh", "Nam", "Nghĩa", "Phong", "Phú", "Phúc", "Quân", "Quang", "Quyết", "Sơn", "Tài", "Tâm", "Thái", "Thành", "Thắng", "Thịnh", "Tiến", "Toàn", "Trung", "Trường", "Tuấn", "Tùng", "Việt", "Vinh", "Vũ"],
}  # fmt: skip
# What a unit of the sector says of itself; the codes are the generator's own.
SECTORS = {
    "": "",
    "health": "Y tế",
    "education": "Giáo dục",
    "garment": "Dệt may",
    "food": "Chế biến thực phẩm",
    "manufacturing": "Công Thương",
    "water": "Cấp thoát nước",
    "construction": "Xây dựng",
    "agriculture": "Nông nghiệp và Môi trường",
    "salt": "Muối",
    "energy": "Điện lực",
    "administration": "Viên chức",
}
JOBS = {
    "health": ("Điều dưỡng", "Bác sĩ", "Kỹ thuật viên xét nghiệm", "Hộ sinh", "Dược sĩ", "Hộ lý", "Kế toán"),
    "education": ("Giáo viên", "Giáo viên", "Nhân viên thiết bị", "Nhân viên thư viện", "Kế toán"),
    "garment": (
        "Công nhân may",
        "Công nhân may",
        "Công nhân là",
        "Tổ trưởng chuyền",
        "Thợ máy",
        "Kỹ thuật chuyền",
    ),
    "food": (
        "Công nhân chế biến",
        "Công nhân đóng gói",
        "Thợ điện lạnh",
        "Tổ trưởng ca",
        "Nhân viên kiểm nghiệm",
    ),
    "manufacturing": ("Công nhân vận hành máy", "Thợ cơ khí", "Thợ điện", "Tổ trưởng ca", "Thủ kho"),
    "water": ("Công nhân vận hành", "Thợ sửa ống", "Công nhân vệ sinh môi trường", "Kỹ sư", "Lái xe"),
    "construction": ("Công nhân xây dựng", "Thợ máy", "Kỹ sư công trường", "Lái máy xúc"),
    "agriculture": ("Công nhân nông trường", "Kỹ thuật viên", "Kiểm lâm viên", "Kỹ sư nông nghiệp"),
    "salt": ("Công nhân làm muối", "Công nhân bốc xếp", "Thợ máy bơm", "Tổ trưởng sản xuất"),
    "energy": ("Công nhân vận hành", "Kỹ sư điện", "Thợ sửa chữa", "Trưởng ca"),
    "administration": ("Chuyên viên", "Chuyên viên", "Văn thư", "Kế toán", "Cán bộ một cửa"),
    "": ("Cán bộ công đoàn chuyên trách", "Chuyên viên"),
}
INDIRECT = {"Kế toán", "Chuyên viên", "Văn thư", "Cán bộ công đoàn chuyên trách", "Dược sĩ", "Thủ kho"}


@dataclass(frozen=True)
class Somebody:
    full_name: str
    is_woman: bool
    job_title: str
    is_direct_worker: bool
    phone: str
    code: str


def somebody(random: Random, sector: str, number: int) -> Somebody:
    """The `number`-th person of the demonstration; phones 0900 xxx xxx carry the running number."""
    share = {"garment": 0.84, "health": 0.66, "education": 0.68}.get(sector, 0.45)
    is_woman = random.random() < share
    name = f"{random.choice(FAMILY)} {random.choice(MIDDLE[is_woman])} {random.choice(GIVEN[is_woman])}"
    job = random.choice(JOBS[sector])
    return Somebody(
        full_name=name,
        is_woman=is_woman,
        job_title=job,
        is_direct_worker=bool(sector) and job not in INDIRECT,
        phone=f"0900{number:06d}",
        code=f"DV{number:06d}",
    )
