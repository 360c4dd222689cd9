"""Enumerations of plans and programmes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    DRAFT = "draft", _("Dự thảo")
    PROPOSED = "proposed", _("Đã trình")
    APPROVED = "approved", _("Đã duyệt")
    ISSUED = "issued", _("Đã ban hành")
    RUNNING = "running", _("Đang thực hiện")
    REVIEWING = "reviewing", _("Đang sơ kết")
    AMENDED = "amended", _("Đã được điều chỉnh")
    CLOSED = "closed", _("Đã kết thúc")


BEFORE_ISSUE = (PlanState.DRAFT, PlanState.PROPOSED, PlanState.APPROVED)
IN_FORCE = (PlanState.ISSUED, PlanState.RUNNING, PlanState.REVIEWING)


class Relation(TextChoices):
    """How a plan refers to another paper."""

    BASIS = "basis", _("Căn cứ")
    IMPLEMENTS = "implements", _("Thực hiện")
    LINKED = "linked", _("Gắn với")


class ProgrammeKind(TextChoices):
    PROGRAMME = "programme", _("Chương trình")
    MOVEMENT = "movement", _("Phong trào thi đua")
    DRIVE = "drive", _("Cuộc vận động")


class Audience(TextChoices):
    """Whom a movement addresses."""

    ALL = "all", _("Mọi đoàn viên, người lao động")
    UNION_OFFICERS = "union_officers", _("Cán bộ công đoàn")
    ENTERPRISE_WORKERS = "enterprise_workers", _("Công nhân lao động trong doanh nghiệp")
    AGENCIES = "agencies", _("Cán bộ, công chức cơ quan")
    PUBLIC_SERVICE = "public_service", _("Viên chức, người lao động đơn vị sự nghiệp")
    WOMEN = "women", _("Nữ công nhân, viên chức, lao động")


class PhaseKind(TextChoices):
    PHASE = "phase", _("Giai đoạn")
    ROUND = "round", _("Đợt thi đua")


class PhaseBy(TextChoices):
    """Which date of an initiative decides the phase it counts in."""

    FILED = "filed", _("Ngày gửi hồ sơ")
    APPLIED = "applied", _("Ngày áp dụng lần đầu")


class Comparator(TextChoices):
    AT_LEAST = "at_least", _("ít nhất")
    MORE_THAN = "more_than", _("trên")
    EXACTLY = "exactly", _("đạt")
    AT_MOST = "at_most", _("không quá")
    BETWEEN = "between", _("trong khoảng")


class Amount(TextChoices):
    """What a target's value is a number of."""

    COUNT = "count", _("số lượng")
    PERCENT = "percent", _("tỷ lệ %")


class DutyKind(TextChoices):
    ISSUE_PLAN = "issue_plan", _("Xây dựng kế hoạch")
    REPORT = "report", _("Báo cáo")
    REVIEW = "review", _("Sơ kết, tổng kết")
    COMMEND = "commend", _("Khen thưởng, đề nghị khen thưởng")
    COMMUNICATE = "communicate", _("Tuyên truyền")
    FEEDBACK = "feedback", _("Phản ánh khó khăn, vướng mắc")
    OTHER = "other", _("Nhiệm vụ khác")


class Timing(TextChoices):
    """When a duty is due."""

    ONCE = "once", _("Một lần")
    MONTHLY = "monthly", _("Hằng tháng")
    QUARTERLY = "quarterly", _("Hằng quý")
    HALF_YEARLY = "half_yearly", _("6 tháng một lần")
    YEARLY = "yearly", _("Hằng năm")
    AFTER_PHASE = "after_phase", _("Sau mỗi giai đoạn")
    AFTER_ROUND = "after_round", _("Sau mỗi đợt thi đua")


MONTHS = {Timing.MONTHLY: 1, Timing.QUARTERLY: 3, Timing.HALF_YEARLY: 6, Timing.YEARLY: 12}


class EvidenceKind(TextChoices):
    """What a unit shows when it says that a duty is done."""

    TEXT = "text", _("Ghi kết quả")
    NUMBER = "number", _("Con số")
    FILE = "file", _("Tệp minh chứng")


class AssignmentState(TextChoices):
    OPEN = "open", _("Chưa xong")
    DONE = "done", _("Đã báo xong")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


class Party(TextChoices):
    """Whose part a duty or a support is."""

    UNION = "union", _("Công đoàn")
    EMPLOYER = "employer", _("Người sử dụng lao động")
    AUTHORITIES = "authorities", _("Chính quyền, cơ quan chuyên môn")


class SupportKind(TextChoices):
    FUNDS = "funds", _("Kinh phí")
    TECHNICAL = "technical", _("Hỗ trợ kỹ thuật, phương tiện")
    TIME = "time", _("Thời gian, nhân lực")
    POLICY = "policy", _("Chế độ, chính sách động viên")
    OTHER = "other", _("Hỗ trợ khác")


class RegistrationState(TextChoices):
    REGISTERED = "registered", _("Đã đăng ký")
    ACCEPTED = "accepted", _("Đã ghi nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Standing(TextChoices):
    """How far a unit has come with a plan it received."""

    NONE = "none", _("Chưa mở")
    OPENED = "opened", _("Đã mở, chưa lập")
    DRAFTING = "drafting", _("Đang soạn")
    ISSUED = "issued", _("Đã ban hành")
