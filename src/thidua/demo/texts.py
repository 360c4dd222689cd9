"""Plausible initiatives, recombined from the cores; every number in the text is the benefit's."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from thidua.demo.cores import CORES, Core
from thidua.kernel.formats import number

WHERE = {
    "health": ("khoa Nội", "khoa Ngoại", "khoa Nhi", "khoa Sản", "khoa Cấp cứu", "khoa Khám bệnh", "phòng tiêm", "khoa Hồi sức", "khoa Truyền nhiễm", "khu điều trị ban ngày", "trạm y tế lưu động", "khoa Y học cổ truyền"),
    "garment": ("chuyền 1", "chuyền 3", "chuyền áo khoác", "tổ cắt", "tổ là", "tổ hoàn thiện", "chuyền quần", "chuyền mẫu"),
    "food": ("xưởng sơ chế", "xưởng cấp đông", "dây chuyền đóng gói", "xưởng sấy", "tổ phân cỡ", "kho thành phẩm"),
    "education": ("khối 10", "khối 11", "khối 12", "tổ Toán – Tin", "tổ Khoa học tự nhiên", "tổ Xã hội", "khu nội trú"),
    "administration": ("bộ phận Một cửa", "phòng Tài chính", "văn phòng", "phòng Nội vụ", "phòng Kế hoạch", "bộ phận tiếp dân"),
}  # fmt: skip
ANYWHERE = ("tổ 1", "tổ 2", "đội vận hành", "ca đêm", "khu A", "khu B", "xưởng chính", "đội lưu động")
NUANCES = (
    "Cải tiến:", "Giải pháp", "Sáng kiến", "Mô hình", "", "", "", "Áp dụng", "Hoàn thiện",
)  # fmt: skip
NOVELTIES = (
    "Trước đây tại đơn vị chưa nơi nào làm theo cách này; vật liệu đều có sẵn.",
    "Điểm mới là người trực tiếp làm tự thiết kế và chỉnh sửa theo góp ý của cả tổ.",
    "So với cách cũ, cách này không cần mua thiết bị và ai cũng làm được sau một buổi hướng dẫn.",
    "Cách làm cũ dựa vào trí nhớ từng người, cách mới có dấu hiệu nhìn thấy ngay.",
)
CONDITIONS = (
    "Cần một buổi hướng dẫn cho cả tổ và một người phụ trách nhắc trong tháng đầu.",
    "Vật liệu tận dụng tại chỗ, chi phí ban đầu nhỏ, bảo quản như dụng cụ thông thường.",
    "Áp dụng được ở nơi có công việc tương tự, điều chỉnh kích thước cho phù hợp.",
)
EFFECT_EXTRAS = (
    "Người làm đỡ vất vả và yên tâm hơn.",
    "Cả tổ thống nhất dùng lâu dài.",
    "Đơn vị bạn đã đến xem và làm theo.",
    "Kết quả được theo dõi liên tục sau khi áp dụng.",
)


@dataclass(frozen=True)
class Text:
    """One generated initiative; `benefit` in đồng a year, None when it cannot be put in money."""

    title: str
    kind: str
    field: str
    problem_before: str
    solution: str
    steps: str
    novelty: str
    conditions: str
    applied_where: str
    effect: str
    benefit: int | None


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def write(random: Random, sector: str, taken: set[str]) -> Text:
    """An initiative for a sector whose title is not in `taken`; the title is added to it."""
    for _attempt in range(200):
        core = random.choice(CORES[sector])
        where = random.choice(WHERE.get(sector, ANYWHERE))
        nuance = random.choice(NUANCES)
        title = f"{nuance} {_lower(core.title) if nuance else core.title} tại {where}".strip()
        if title not in taken:
            taken.add(title)
            return _compose(random, core, title, where)
    raise ValueError(f"no new title is left for {sector}")


def _compose(random: Random, core: Core, title: str, where: str) -> Text:
    benefit, arithmetic = _benefit(random, core)
    first, *rest = core.solution.split(", ")
    steps = "\n".join(f"{i}. {part[:1].upper()}{part[1:]}." for i, part in enumerate([first, *rest], 1))
    return Text(
        title=title,
        kind=core.kind,
        field=core.field,
        problem_before=f"{core.problem}. Việc này xảy ra nhiều nhất tại {where}.",
        solution=f"{core.solution}. Làm thử tại {where} trong {random.randint(2, 6)} tuần rồi áp dụng chính thức.",
        steps=steps,
        novelty=random.choice(NOVELTIES),
        conditions=random.choice(CONDITIONS),
        applied_where=where[:1].upper() + where[1:],
        effect=f"{core.effect}. {arithmetic}{random.choice(EFFECT_EXTRAS)}",
        benefit=benefit,
    )


def _benefit(random: Random, core: Core) -> tuple[int | None, str]:
    saving = core.saving
    if saving is None:
        return None, ""
    monthly = random.randint(saving.low, saving.high)
    yearly = monthly * 12 * saving.price
    words = (
        f"Mỗi tháng tiết kiệm khoảng {number(monthly)} {saving.what}, đơn giá {number(saving.price)} đồng, "
        f"tương đương {number(yearly)} đồng một năm. "
    )
    return yearly, words
