"""Enumerations of plans and programmes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    DRAFT = "draft", _("Dự thảo")
    ISSUED = "issued", _("Đã ban hành")
    CLOSED = "closed", _("Đã kết thúc")


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
