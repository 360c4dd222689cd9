"""Papers of initiatives: the decision that recognises, with its list. Papers are Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from thidua.documents.models import Paper
from thidua.documents.rendering.official import Annex, Article, Column, OfficialPaper, Table
from thidua.initiatives.choices import Body, Scope
from thidua.initiatives.models import Initiative
from thidua.kernel import formats
from thidua.orgs.models import Unit

SCOPES = {
    Scope.PROVINCE: "trong phạm vi tỉnh, ngành",
    Scope.NATION: "trong phạm vi toàn quốc",
}
GROUNDS = (
    "Căn cứ Điều lệ Công đoàn Việt Nam;",
    "Căn cứ Điều lệ Sáng kiến ban hành kèm theo Nghị định số 13/2012/NĐ-CP ngày 02/3/2012 của Chính phủ;",
    "Căn cứ Thông tư số 18/2013/TT-BKHCN ngày 01/8/2013 của Bộ trưởng Bộ Khoa học và Công nghệ;",
)
COLUMNS = (
    Column("TT", 8, "center"),
    Column("Tên sáng kiến", 60),
    Column("Tác giả, đồng tác giả (tỷ lệ đóng góp)", 50),
    Column("Nơi tạo ra", 34),
    Column("Áp dụng lần đầu", 24, "center"),
)


def recognition(
    unit: Unit,
    items: Sequence[Initiative],
    *,
    signer: str,
    decided_on: date,
    body: str = Body.HEAD,
    scope: str = Scope.GRASSROOTS,
    minutes: Sequence[Paper] = (),
) -> OfficialPaper:
    """The decision that recognises one or many initiatives, or their wider scope."""
    how_many = "sáng kiến" if len(items) == 1 else f"{len(items):02d} sáng kiến"
    wide = SCOPES.get(Scope(scope), "")
    subject = f"Về việc công nhận hiệu quả áp dụng, phạm vi ảnh hưởng {wide} của {how_many}" if wide else ""
    asked = _asked_by(minutes) if body == Body.COUNCIL else "kết quả xét hồ sơ đề nghị công nhận sáng kiến"
    first = f"Công nhận hiệu quả áp dụng, phạm vi ảnh hưởng {wide} của" if wide else "Công nhận"
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        symbol=unit.symbol,
        place=unit.place,
        kind="QUYẾT ĐỊNH",
        subject=subject or f"Về việc công nhận {how_many}",
        year=decided_on.year,
        authority=_authority(unit).upper(),
        opening=[*GROUNDS, f"Xét {asked},"],
        blocks=[
            Article(1, "", [f"{first} {how_many} có tên trong danh sách kèm theo Quyết định này."]),
            Article(
                2,
                "",
                ["Các tác giả, đồng tác giả được cấp giấy chứng nhận và hưởng quyền lợi theo Điều lệ Sáng kiến."],
            ),
            Article(3, "", ["Các bộ phận liên quan và các ông, bà có tên chịu trách nhiệm thi hành Quyết định này."]),
            Annex("DANH SÁCH SÁNG KIẾN ĐƯỢC CÔNG NHẬN"),
            Table(COLUMNS, [_row(place, item) for place, item in enumerate(items, 1)]),
        ],
        recipients=["Như Điều 3", "Lưu: VT"],
        signed_for=f"TM. {_authority(unit).upper()}",
        position="CHỦ TỊCH",
        signer=signer,
    )


def _asked_by(minutes: Sequence[Paper]) -> str:
    """The council, with the minutes in which it said so."""
    said = ", ".join(f"số {m.full_number} ngày {formats.day(m.issued_on)}" for m in minutes)
    return "đề nghị của Hội đồng sáng kiến" + (f" tại Biên bản {said}" if said else "")


def _row(place: int, item: Initiative) -> list[str]:
    authors = "; ".join(f"{a.name} ({_share(a.share)}\u00a0%)" for a in item.authorships.all())
    return [str(place), item.title, authors, item.unit.name, formats.day(item.first_applied_on)]


def _share(share: object) -> str:
    return f"{share:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{share:f}" else f"{share:f}"


def _authority(unit: Unit) -> str:
    return "Ban Chấp hành" if unit.kind.is_grassroots else "Ban Thường vụ"
