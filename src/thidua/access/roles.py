"""Roles are code, in one short file; who holds which role where and when is data (people.Post).

`own`: at exactly the unit of the post. `below`: at that unit and everything under it.
`sections`: at the sections of that unit too, when it is a grassroots union; never at other unions below.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thidua.access.permissions import Permission as P
from thidua.orgs.models import Unit

READS = frozenset(
    {
        P.UNIT_VIEW,
        P.PLAN_VIEW,
        P.TARGET_VIEW,
        P.PROGRESS_VIEW,
        P.INITIATIVE_VIEW,
        P.REPORT_VIEW,
        P.AWARD_VIEW,
        P.DIFFICULTY_VIEW,
        P.PAPER_VIEW,
    }
)
# What a part-time officer of any level prepares for its own unit.
DESK = frozenset(
    {
        P.PERSON_MANAGE,
        P.PLAN_WRITE,
        P.PLAN_RECEIVE,
        P.DUTY_DO,
        P.DUTY_CONFIRM,
        P.MOVEMENT_REGISTER,
        P.TARGET_ACCEPT,
        P.TARGET_ALLOCATE,
        P.ADOPTION_REGISTER,
        P.COUNCIL_MANAGE,
        P.REPORT_WRITE,
        P.REPORT_REQUEST,
        P.AWARD_NOMINATE,
        P.DIFFICULTY_RAISE,
        P.DIFFICULTY_ANSWER,
    }
)
# A section has no officer of its own: its roster is kept by its grassroots union.
ROSTERS = frozenset({P.PERSON_MANAGE})
EXAMINING = frozenset({P.INITIATIVE_RECEIVE, P.INITIATIVE_EXAMINE})
INTAKE = EXAMINING | {P.INITIATIVE_ENTER}
# What binds the unit and needs the signature of its head.
SIGNATURE = frozenset({P.PLAN_ISSUE, P.INITIATIVE_RECOGNISE, P.INITIATIVE_REVOKE, P.REPORT_SUBMIT, P.AWARD_DECIDE})


@dataclass(frozen=True)
class Role:
    name: str
    label: str | Promise
    description: str | Promise
    own: frozenset[P] = frozenset()
    below: frozenset[P] = frozenset()
    sections: frozenset[P] = frozenset()

    @property
    def permissions(self) -> frozenset[P]:
        return self.own | self.below

    def below_at(self, place: Unit) -> frozenset[P]:
        """What a post at this unit gives at everything under it."""
        return self.below | self.sections if self.sections and place.kind.is_grassroots else self.below


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role(
            "member",
            _("Đoàn viên, người lao động"),
            _("Gửi sáng kiến của mình, theo dõi kết quả, xem chỉ tiêu và tiến độ của đơn vị mình."),
            own=frozenset({P.INITIATIVE_FILE, P.TARGET_VIEW, P.PROGRESS_VIEW}),
        ),
        Role(
            "grassroots_officer",
            _("Cán bộ công đoàn cơ sở"),
            _("Tiếp nhận, trả lại, nhập hộ sáng kiến; nhận chỉ tiêu; lập kế hoạch, báo cáo, đề nghị khen."),
            own=DESK | INTAKE,
            below=READS,
            sections=ROSTERS,
        ),
        Role(
            "chair",
            _("Chủ tịch công đoàn (người ký)"),
            _("Việc của cán bộ, và ký: công nhận sáng kiến, ban hành kế hoạch, gửi báo cáo, khen thưởng."),
            own=DESK | INTAKE | SIGNATURE,
            below=READS,
            sections=ROSTERS,
        ),
        Role(
            "upper_officer",
            _("Cán bộ công đoàn cấp trên"),
            _("Giao chỉ tiêu, theo dõi tiến độ, yêu cầu và tổng hợp báo cáo; xử lý hồ sơ cấp dưới chuyển lên."),
            own=DESK | EXAMINING,
            below=READS,
        ),
        Role(
            "council_member",
            _("Thành viên hội đồng"),
            _("Xem hồ sơ sáng kiến và hồ sơ khen thưởng của đơn vị để cho ý kiến."),
            own=frozenset({P.INITIATIVE_EXAMINE}),
            below=frozenset({P.INITIATIVE_VIEW, P.AWARD_VIEW, P.PROGRESS_VIEW, P.TARGET_VIEW}),
        ),
        Role(
            "auditor",
            _("Kiểm tra, giám sát (chỉ xem)"),
            _("Xem mọi hồ sơ, số liệu và nhật ký của đơn vị và cấp dưới; không thay đổi gì."),
            below=READS | {P.LEDGER_VIEW},
        ),
        Role(
            "administrator",
            _("Quản trị đơn vị"),
            _("Cập nhật cây tổ chức, tài khoản và chức danh của đơn vị và cấp dưới."),
            below=frozenset(
                {P.UNIT_VIEW, P.UNIT_MANAGE, P.PERSON_MANAGE, P.POST_GRANT, P.LEDGER_VIEW, P.PROGRESS_VIEW}
            ),
        ),
    )
}
