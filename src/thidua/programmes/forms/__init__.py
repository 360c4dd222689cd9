"""Input of plans: the file, the frame, and one small form for each line that was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.programmes import queries
from thidua.programmes.choices import (
    Amount,
    Audience,
    DutyKind,
    EvidenceKind,
    Party,
    PhaseBy,
    PhaseKind,
    ProgrammeKind,
    Timing,
)
from thidua.programmes.models import Duty, Indicator, Phase, Plan, PlanTarget, Programme

_DAYS = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]


class Day(forms.DateField):
    """A day as it is written here: 31/5/2022."""

    def __init__(self, label: Any, *, required: bool = False, help_text: Any = "") -> None:
        widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy"})
        wrong = {"invalid": _("Hãy nhập ngày theo dạng 31/5/2022.")}
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            input_formats=_DAYS,
            widget=widget,
            error_messages=wrong,
        )


class Upload(forms.Form):
    """The paper to read."""

    file = forms.FileField(
        label=_("Tệp kế hoạch"),
        help_text=_("Tệp .docx, .pdf có lớp chữ hoặc .txt, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"}),
    )


class NewPlan(forms.Form):
    """A plan written here, without a paper."""

    title = forms.CharField(label=_("Trích yếu"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), strip=True)


class Issue(forms.Form):
    """Number and day of a plan that is put into force."""

    number = forms.IntegerField(
        label=_("Số"), min_value=1, max_value=99999, required=False, help_text=_("Để trống: lấy số tiếp theo của sổ.")
    )
    issued_on = Day(_("Ngày ban hành"), required=True)


class Line(forms.Form):
    """A form bound to one row; `changes()` are the fields a person changed."""

    fields_of: Sequence[str] = ()
    drop = forms.BooleanField(label=_("Bỏ dòng này"), required=False)

    def __init__(self, row: Any, posted: Any = None) -> None:
        self.row = row
        initial = {name: getattr(row, name) for name in self.fields_of}
        super().__init__(posted, initial=initial, prefix=f"{row._meta.model_name}{row.pk}")

    @property
    def is_dropped(self) -> bool:
        return bool(self.cleaned_data.get("drop"))

    def changes(self) -> dict[str, Any]:
        return {n: self.cleaned_data[n] for n in self.fields_of if n in self.changed_data}


class PlanLine(Line):
    """The frame of the paper."""

    fields_of = ("number", "symbol", "issued_on", "place", "title", "signed_for", "signer", "opening")
    drop = None  # type: ignore[assignment]
    number = forms.IntegerField(label=_("Số"), min_value=1, max_value=99999, required=False)
    symbol = forms.CharField(label=_("Ký hiệu"), max_length=60, required=False)
    issued_on = Day(_("Ngày ban hành"))
    place = forms.CharField(label=_("Địa danh"), max_length=120, required=False)
    title = forms.CharField(label=_("Trích yếu"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    signed_for = forms.CharField(label=_("Thẩm quyền ký"), max_length=200, required=False)
    signer = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    opening = forms.CharField(
        label=_("Lời mở đầu"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Để trống: lập từ các văn bản căn cứ, thực hiện."),
    )
    aims = forms.CharField(
        label=_("Mục đích, yêu cầu"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Mỗi dòng một ý."),
    )
    recipients = forms.CharField(
        label=_("Nơi nhận"), required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text=_("Mỗi dòng một nơi.")
    )

    def __init__(self, row: Plan, posted: Any = None, *, aims: Sequence[str] = ()) -> None:
        super().__init__(row, posted)
        self.initial["aims"] = "\n".join(aims)
        self.initial["recipients"] = "\n".join(r.text for r in row.recipients.all())

    def changed_lines(self, name: str) -> list[str] | None:
        """The lines of a text area a person changed; None when it was left alone."""
        return self.cleaned_data[name].splitlines() if name in self.changed_data else None


class ProgrammeLine(Line):
    """A programme, movement or drive."""

    fields_of = (
        "name",
        "short_name",
        "kind",
        "audience",
        "sponsor",
        "slogan",
        "starts_on",
        "ends_on",
        "counts_initiatives",
        "needs_recognition",
        "phase_by",
        "eligible_from",
        "eligible_to",
    )
    name = forms.CharField(label=_("Tên"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    short_name = forms.CharField(label=_("Tên ngắn"), max_length=120)
    kind = forms.ChoiceField(label=_("Loại"), choices=ProgrammeKind.choices)
    audience = forms.ChoiceField(label=_("Đối tượng"), choices=Audience.choices)
    sponsor = forms.CharField(
        label=_("Cơ quan phát động, bảo trợ"), max_length=200, required=False, help_text=_("Để trống: đơn vị ban hành.")
    )
    slogan = forms.CharField(label=_("Khẩu hiệu"), max_length=300, required=False)
    starts_on = Day(_("Thời gian từ ngày"), help_text=_("Để trống: theo kế hoạch."))
    ends_on = Day(_("đến ngày"))
    counts_initiatives = forms.BooleanField(label=_("Đếm sáng kiến"), required=False)
    needs_recognition = forms.BooleanField(label=_("Chỉ tính sáng kiến đã được công nhận"), required=False)
    phase_by = forms.ChoiceField(label=_("Tính vào giai đoạn theo"), choices=PhaseBy.choices)
    eligible_from = Day(_("Tính sáng kiến áp dụng từ ngày"))
    eligible_to = Day(_("đến ngày"))


class PhaseLine(Line):
    """A phase or round."""

    fields_of = ("name", "theme", "starts_on", "ends_on", "eligible_from", "eligible_to")
    name = forms.CharField(label=_("Tên"), max_length=200)
    theme = forms.CharField(label=_("Chủ đề"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = Day(_("Từ ngày"), help_text=_("Để trống: từ ngày ban hành."))
    ends_on = Day(_("Đến ngày"))
    eligible_from = Day(_("Tính sáng kiến từ ngày"))
    eligible_to = Day(_("đến ngày"))


class TargetLine(Line):
    """A number the plan orders."""

    fields_of = ("value",)
    value = forms.DecimalField(label=_("Chỉ tiêu"), min_value=0, max_digits=15, decimal_places=2)

    def __init__(self, row: PlanTarget, posted: Any = None) -> None:
        super().__init__(row, posted)
        is_rate = row.amount == Amount.PERCENT
        self.unit_words = "%" if is_rate else ""
        self.initial["value"] = row.value.normalize() if is_rate else int(row.value)


class DutyLine(Line):
    """Something the plan orders a kind of unit to do."""

    fields_of = (
        "who", "addressed", "text", "kind", "party", "timing", "due_on", "due_day", "within_days", "evidence",
    )  # fmt: skip
    who = forms.CharField(label=_("Ai làm"), max_length=300)
    addressed = forms.MultipleChoiceField(
        label=_("Thành việc của"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label=_("Việc"), widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label=_("Loại việc"), choices=DutyKind.choices)
    party = forms.ChoiceField(label=_("Phần việc của"), choices=Party.choices)
    timing = forms.ChoiceField(label=_("Làm khi nào"), choices=Timing.choices)
    due_on = Day(_("Hạn (việc một lần)"))
    due_day = forms.IntegerField(
        label=_("Ngày trong tháng cuối kỳ"), min_value=1, max_value=31, required=False, help_text=_("Việc định kỳ.")
    )
    within_days = forms.IntegerField(
        label=_("Số ngày sau khi kết thúc"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_("Việc sau mỗi giai đoạn, mỗi đợt."),
    )
    evidence = forms.ChoiceField(label=_("Minh chứng"), choices=EvidenceKind.choices)

    def __init__(self, row: Duty, posted: Any = None, *, kinds: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(row, posted)
        known = dict(kinds)
        # A kind that no longer exists below is kept visible instead of silently lost.
        choices = [(Duty.OWN, _("Đơn vị lập kế hoạch")), *kinds, *[(k, k) for k in row.addressed if k not in known]]
        field: forms.MultipleChoiceField = self.fields["addressed"]  # type: ignore[assignment]
        field.choices = [c for i, c in enumerate(choices) if c[0] != Duty.OWN or i == 0]


class NewTarget(forms.Form):
    """One more target of a draft."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Chương trình"))
    phase = forms.ModelChoiceField(Phase.objects.none(), label=_("Giai đoạn"), required=False, empty_label="–")
    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("Chỉ tiêu về"))
    value = forms.DecimalField(label=_("Số"), min_value=0, max_digits=15, decimal_places=2)

    def __init__(self, plan: Plan, posted: Any = None) -> None:
        super().__init__(posted, prefix="target")
        choices: dict[str, forms.ModelChoiceField] = self.fields  # type: ignore[assignment]
        choices["programme"].queryset = plan.programmes.all()
        choices["phase"].queryset = Phase.objects.filter(programme__plan=plan)
        choices["indicator"].queryset = queries.indicators()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        phase, programme = found.get("phase"), found.get("programme")
        if phase and programme and phase.programme_id != programme.pk:
            self.add_error("phase", _("Giai đoạn này thuộc chương trình khác."))
        return found


class NewPhase(forms.Form):
    """One more phase of a draft."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Chương trình"))
    kind = forms.ChoiceField(label=_("Loại"), choices=PhaseKind.choices)
    name = forms.CharField(label=_("Tên giai đoạn"), max_length=200)
    theme = forms.CharField(label=_("Chủ đề"), required=False)
    starts_on = Day(_("Từ ngày"))
    ends_on = Day(_("Đến ngày"), required=True)

    def __init__(self, plan: Plan, posted: Any = None) -> None:
        super().__init__(posted, prefix="phase")
        choice: forms.ModelChoiceField = self.fields["programme"]  # type: ignore[assignment]
        choice.queryset = plan.programmes.all()


class NewProgramme(forms.Form):
    """One more programme of a draft."""

    name = forms.CharField(label=_("Tên chương trình, phong trào"), max_length=400)
    kind = forms.ChoiceField(label=_("Loại"), choices=ProgrammeKind.choices)
    counts_initiatives = forms.BooleanField(label=_("Đếm sáng kiến"), required=False)

    def __init__(self, _plan: Plan, posted: Any = None) -> None:
        super().__init__(posted, prefix="programme")


class NewDuty(forms.Form):
    """One more duty of a draft."""

    who = forms.CharField(label=_("Ai làm"), max_length=300)
    text = forms.CharField(label=_("Việc"), widget=forms.Textarea(attrs={"rows": 2}))
    due_on = Day(_("Thời hạn"))

    def __init__(self, _plan: Plan, posted: Any = None) -> None:
        super().__init__(posted, prefix="duty")


LINES: dict[type, type[Line]] = {Programme: ProgrammeLine, Phase: PhaseLine, PlanTarget: TargetLine, Duty: DutyLine}
