"""What an officer types about a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.kernel import clock, text
from thidua.kernel.pickers import UnitPicker
from thidua.orgs import queries as org_queries
from thidua.people.choices import AbsenceKind
from thidua.people.columns import GENDERS
from thidua.people.models import Person


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


class PersonForm(forms.Form):
    """The least that is needed: no identity papers, no religion, no ethnicity, no full date of birth."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    birth_year = forms.IntegerField(
        label=_("Năm sinh"), required=False, help_text=_("Chỉ giữ năm, để phân biệt người trùng tên.")
    )
    gender = forms.ChoiceField(label=_("Giới tính"), required=False, choices=[("", "—"), *GENDERS])
    job_title = forms.CharField(label=_("Nghề nghiệp, chức danh"), max_length=120, required=False)
    qualification = forms.CharField(label=_("Trình độ chuyên môn"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("Email"), required=False)
    is_direct_worker = forms.BooleanField(label=_("Người lao động trực tiếp"), required=False)
    is_member = forms.BooleanField(label=_("Là đoàn viên"), required=False, initial=True)

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        this = clock.today().year
        if year is not None and not this - 90 <= year <= this - 14:
            raise forms.ValidationError(_("Năm sinh không hợp lý: hãy ghi bốn chữ số."))
        return year

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        names = ("full_name", "birth_year", "job_title", "qualification", "phone", "email")
        gender = "" if person.is_woman is None else "woman" if person.is_woman else "man"
        flags = {"is_direct_worker": person.is_direct_worker, "is_member": person.is_member}
        return {**{name: getattr(person, name) for name in names}, "gender": gender, **flags}


class NewPersonForm(PersonForm):
    code = forms.CharField(
        label=_("Mã đoàn viên"), max_length=30, required=False, help_text=_("Để trống thì hệ thống đặt mã.")
    )
    since = _day(_("Vào đơn vị từ ngày"), _("Để trống: hôm nay."), required=False)
    field_order = ("full_name", "code")


class UnitField(UnitPicker):
    """A unit whose roster one keeps: as picked, by its code, or its name whole, dashes and all."""

    suggestions = "roster-options"

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        return code if org_queries.by_code(code) else text.tidy(value)


class TransferForm(forms.Form):
    unit = UnitField(label=_("Đơn vị mới"), help_text=_("Gõ tên để chọn, hoặc mã đơn vị."))
    on = _day(_("Từ ngày"), _("Ngày đã qua hoặc sắp tới; việc trước ngày này vẫn tính cho đơn vị cũ."))
    reason = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)
    ends_posts = forms.BooleanField(label=_("Kết thúc chức danh ở đơn vị cũ từ ngày này"), required=False, initial=True)


class LeaveForm(forms.Form):
    on = _day(_("Thôi từ ngày"), _("Chức danh kết thúc cùng ngày; sáng kiến và khen thưởng vẫn giữ tên người này."))
    reason = forms.CharField(label=_("Lý do"), max_length=200, required=False)


class ReturnForm(forms.Form):
    unit = UnitField(label=_("Về đơn vị"), help_text=_("Gõ tên để chọn, hoặc mã đơn vị."))
    on = _day(_("Từ ngày"))


class PauseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Lý do"), choices=AbsenceKind.choices)
    since = _day(_("Từ ngày"))
    until = _day(_("Đi làm lại từ ngày"), _("Để trống nếu chưa biết."), required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=200, required=False)


class ResumeForm(forms.Form):
    on = _day(_("Đi làm lại từ ngày"))
