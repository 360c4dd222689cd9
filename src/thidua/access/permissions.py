"""What can be done, in words a user can read. Who may do it: `roles.py`; where and when: posts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    UNIT_VIEW = "unit.view", _("Xem đơn vị và danh sách đoàn viên")
    UNIT_MANAGE = "unit.manage", _("Cập nhật đơn vị trực thuộc")
    PERSON_MANAGE = "person.manage", _("Cập nhật danh sách đoàn viên, tài khoản")
    POST_GRANT = "post.grant", _("Giao chức danh, quyền")
    PLAN_VIEW = "plan.view", _("Xem kế hoạch của các cấp dưới")
    PLAN_WRITE = "plan.write", _("Soạn, nhập kế hoạch của đơn vị")
    PLAN_ISSUE = "plan.issue", _("Ban hành kế hoạch của đơn vị")
    TARGET_VIEW = "target.view", _("Xem chỉ tiêu")
    TARGET_ALLOCATE = "target.allocate", _("Giao chỉ tiêu cho đơn vị trực thuộc")
    TARGET_ACCEPT = "target.accept", _("Nhận hoặc xin điều chỉnh chỉ tiêu được giao")
    PROGRESS_VIEW = "progress.view", _("Xem tiến độ")
    INITIATIVE_FILE = "initiative.file", _("Gửi sáng kiến của mình")
    INITIATIVE_VIEW = "initiative.view", _("Xem hồ sơ sáng kiến")
    INITIATIVE_ENTER = "initiative.enter", _("Nhập sáng kiến hộ người lao động")
    INITIATIVE_RECEIVE = "initiative.receive", _("Tiếp nhận, trả lại hồ sơ sáng kiến")
    INITIATIVE_RECOGNISE = "initiative.recognise", _("Công nhận hoặc không công nhận sáng kiến")
    INITIATIVE_REVOKE = "initiative.revoke", _("Huỷ bỏ công nhận sáng kiến")
    ADOPTION_REGISTER = "adoption.register", _("Đăng ký áp dụng, báo cáo nhân rộng")
    REPORT_VIEW = "report.view", _("Xem báo cáo")
    REPORT_REQUEST = "report.request", _("Yêu cầu cấp dưới báo cáo")
    REPORT_WRITE = "report.write", _("Lập báo cáo, tổng hợp báo cáo cấp dưới")
    REPORT_SUBMIT = "report.submit", _("Gửi báo cáo lên cấp trên")
    AWARD_VIEW = "award.view", _("Xem hồ sơ khen thưởng")
    AWARD_NOMINATE = "award.nominate", _("Lập danh sách đề nghị khen thưởng")
    AWARD_DECIDE = "award.decide", _("Quyết định khen thưởng, thu hồi")
    DIFFICULTY_VIEW = "difficulty.view", _("Xem khó khăn, vướng mắc")
    DIFFICULTY_RAISE = "difficulty.raise", _("Phản ánh khó khăn, vướng mắc lên cấp trên")
    DIFFICULTY_ANSWER = "difficulty.answer", _("Trả lời khó khăn, vướng mắc của cấp dưới")
    PAPER_VIEW = "paper.view", _("Xem văn bản của đơn vị")
    LEDGER_VIEW = "ledger.view", _("Xem nhật ký")
