"""Input of the steps after drafting: references, the signed scan, reasons, duties, registrations, supports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from thidua.programmes.choices import EvidenceKind, Party, Relation, SupportKind, Timing
from thidua.programmes.forms import Day
from thidua.programmes.models import Assignment, Duty, Phase, Plan, Programme


class Reference(forms.Form):
    """Another plan here, or an outside paper."""

    relation = forms.ChoiceField(label=_("Quan hệ"), choices=Relation.choices)
    target = forms.ModelChoiceField(
        Plan.objects.none(), label=_("Kế hoạch trong hệ thống"), required=False, empty_label=_("(văn bản bên ngoài)")
    )
    number = forms.CharField(label=_("Số, ký hiệu văn bản bên ngoài"), max_length=60, required=False)
    issued_on = Day(_("Ngày văn bản"))
    title = forms.CharField(label=_("Trích yếu văn bản"), max_length=500, required=False)

    def __init__(self, known: QuerySet[Plan], posted: Any = None) -> None:
        super().__init__(posted, prefix="reference")
        choice: forms.ModelChoiceField = self.fields["target"]  # type: ignore[assignment]
        choice.queryset = known


class Signed(forms.Form):
    """The scan with signature and stamp."""

    file = forms.FileField(
        label=_("Bản ký, đóng dấu (.pdf)"),
        help_text=_("Tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf", "data-most-mb": "20"}),
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files; gives a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        return [single(item, initial) for item in data] if isinstance(data, list | tuple) and data else []


class Finish(forms.Form):
    """What a unit shows for a duty; the field the duty asks for is marked as needed."""

    amount = forms.DecimalField(label=_("Con số kết quả"), min_value=0, max_digits=15, decimal_places=2, required=False)
    note = forms.CharField(
        label=_("Đã làm gì, kết quả"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    uploads = Files(
        label=_("Tệp minh chứng"),
        required=False,
        help_text=_("Ảnh, .pdf, .docx, .xlsx; mỗi tệp tối đa 20 MB."),
        widget=ManyFiles(attrs={"multiple": True, "data-most-mb": "20", "accept": "image/*,.pdf,.docx,.xlsx"}),
    )

    def __init__(self, assignment: Assignment, posted: Any = None, uploaded: Any = None) -> None:
        super().__init__(posted, uploaded, initial={"note": assignment.note, "amount": assignment.amount})
        kind = assignment.duty.evidence
        needed = {EvidenceKind.NUMBER: "amount", EvidenceKind.TEXT: "note"}.get(EvidenceKind(kind))
        if needed:
            self.fields[needed].required = True
        if kind != EvidenceKind.NUMBER:
            del self.fields["amount"]


class Reason(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DateDuty(forms.Form):
    """When a duty of a plan in force is due."""

    timing = forms.ChoiceField(label=_("Làm khi nào"), choices=Timing.choices)
    due_on = Day(_("Hạn (việc một lần)"))
    due_day = forms.IntegerField(
        label=_("Ngày trong tháng cuối kỳ (việc định kỳ)"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("Để trống: ngày cuối kỳ."),
    )
    within_days = forms.IntegerField(
        label=_("Số ngày sau khi giai đoạn, đợt kết thúc"), min_value=0, max_value=365, required=False
    )

    def __init__(self, duty: Duty, posted: Any = None) -> None:
        names = ("timing", "due_on", "due_day", "within_days")
        super().__init__(posted, initial={name: getattr(duty, name) for name in names})


class Register(forms.Form):
    """Đăng ký thi đua."""

    round_ = forms.ModelChoiceField(
        Phase.objects.none(), label=_("Đợt thi đua"), required=False, empty_label=_("Cả phong trào")
    )
    collective = forms.CharField(
        label=_("Tập thể đăng ký"), max_length=200, required=False, help_text=_("Để trống: cả đơn vị đăng ký.")
    )
    pledge = forms.CharField(
        label=_("Nội dung giao ước"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Làm gì, đạt mức nào, xong khi nào."),
    )
    aims = forms.CharField(label=_("Danh hiệu, hình thức khen phấn đấu"), max_length=300, required=False)

    def __init__(self, programme: Programme, rounds: Iterable[Phase], posted: Any = None) -> None:
        super().__init__(posted)
        choice: forms.ModelChoiceField = self.fields["round_"]  # type: ignore[assignment]
        choice.queryset = programme.phases.filter(pk__in=[r.pk for r in rounds])
        if not choice.queryset:
            del self.fields["round_"]


class Given(forms.Form):
    """A support of an employer or an authority."""

    party = forms.ChoiceField(label=_("Bên hỗ trợ"), choices=Party.choices[1:])
    giver = forms.CharField(label=_("Tên cơ quan, doanh nghiệp, đơn vị"), max_length=200)
    kind = forms.ChoiceField(label=_("Hình thức"), choices=SupportKind.choices)
    text = forms.CharField(label=_("Nội dung"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    value = forms.DecimalField(label=_("Trị giá (đồng)"), min_value=0, max_digits=15, decimal_places=0, required=False)
    given_on = Day(_("Ngày hỗ trợ"), required=True)
