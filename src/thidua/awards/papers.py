"""Papers of commendation: the decision with its list, the certificates."""

from __future__ import annotations

from collections.abc import Sequence

from thidua.awards.choices import NomineeKind
from thidua.awards.models import Certificate as Issued
from thidua.awards.models import Nominee
from thidua.documents.rendering.certificates import Certificate
from thidua.documents.rendering.official import Annex, Article, Column, OfficialPaper, Table
from thidua.kernel import installation
from thidua.orgs.models import Unit
from thidua.programmes.models import Programme


def decision(
    unit: Unit, title: str, programme: Programme, approved: Sequence[Nominee], signer: str, year: int
) -> OfficialPaper:
    people = [n for n in approved if n.kind == NomineeKind.PERSON]
    collectives = [n for n in approved if n.kind == NomineeKind.COLLECTIVE]
    who = f"{len(collectives)} tập thể, {len(people)} cá nhân" if collectives else f"{len(people)} cá nhân"
    subject = f"Về việc tặng {title} cho {who} có thành tích trong {_lower(programme.get_kind_display())} “{programme.short_name}”"
    rows = [
        [str(i), str(n), _home(n), n.citation, "x" if n.is_direct_worker else ""]
        for i, n in enumerate([*collectives, *people], 1)
    ]
    columns = [
        Column("TT", 8, "center"),
        Column("Họ tên, tên tập thể", 40),
        Column("Đơn vị", 40),
        Column("Thành tích", 60),
        Column("LĐ trực tiếp", 16, "center"),
    ]
    return OfficialPaper(
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        symbol=unit.symbol,
        place=unit.place,
        kind="QUYẾT ĐỊNH",
        subject=subject,
        year=year,
        authority=_authority(unit).upper(),
        opening=[
            "Căn cứ Điều lệ Công đoàn Việt Nam;",
            "Căn cứ Quy chế khen thưởng của tổ chức Công đoàn;",
            f"Xét kết quả thực hiện “{programme.name}” và đề nghị của các đơn vị,",
        ],
        blocks=[
            Article(1, "", [f"Tặng {title} cho {who} (có danh sách kèm theo)."]),
            Article(2, "", ["Mức tiền thưởng thực hiện theo quy định hiện hành về tài chính công đoàn."]),
            Article(
                3, "", ["Văn phòng, các đơn vị liên quan và các tập thể, cá nhân có tên chịu trách nhiệm thi hành."]
            ),
            Annex("DANH SÁCH KHEN THƯỞNG"),
            Table(columns, rows),
        ],
        recipients=["Như Điều 3", "Lưu: VT"],
        signed_for=f"TM. {_authority(unit).upper()}",
        position="CHỦ TỊCH",
        signer=signer,
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _home(nominee: Nominee) -> str:
    return (
        nominee.person.unit.name
        if nominee.person
        else (nominee.collective.parent.name if nominee.collective and nominee.collective.parent else "")
    )


def _authority(unit: Unit) -> str:
    return "Ban Chấp hành" if unit.kind.is_grassroots else "Ban Thường vụ"


def sheet(issued: Issued, verify_url: str) -> Certificate:
    """One certificate as it is printed."""
    unit = issued.unit
    return Certificate(
        issuer_superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        award_title=issued.title.upper(),
        recipient=issued.holder,
        recipient_note=issued.holder_note,
        citation=issued.citation,
        decision_number=issued.decision_number,
        decision_on=issued.decided_on,
        place=unit.place,
        issued_on=issued.decided_on,
        signed_for=f"TM. {_authority(unit).upper()}",
        position="CHỦ TỊCH",
        signer=issued.signer,
        register_number=str(issued.register_number),
        code=issued.code,
        verify_url=verify_url,
        demonstration=installation.current().is_demonstration,
    )
