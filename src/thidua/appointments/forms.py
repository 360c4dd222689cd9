"""Input of the screens about posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thidua.access.roles import Role
from thidua.kernel.pickers import PersonPicker, UnitPicker
from thidua.kernel.verdicts import Verdict
from thidua.orgs import queries as org_queries
from thidua.people import queries as people_queries


class PersonField(PersonPicker):
    """A member code, phone or e-mail, alone or as picked from the list: "DV001 – Nguyễn Thị An"."""

    def meant(self, code: str) -> Any:
        found = people_queries.person_for(code) if code else None
        if code and found is None:
            raise forms.ValidationError(_("Không tìm thấy ai với mã, điện thoại hoặc email này."))
        return found


class UnitField(UnitPicker):
    """The unit itself, by its code."""

    def meant(self, code: str) -> Any:
        found = org_queries.by_code(code) if code else None
        if code and found is None:
            raise forms.ValidationError(_("Không có đơn vị mang mã này."))
        return found


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class GrantForm(forms.Form):
    person = PersonField(
        label=gettext_lazy("Người được giao"),
        help_text=gettext_lazy("Gõ tên để chọn, hoặc mã đoàn viên, số điện thoại, email."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Chức danh, quyền"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Tên chức danh in trên văn bản"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Ví dụ: Chủ tịch, Phó Chủ tịch, Ủy viên Ban Chấp hành."),
    )
    since = day_field(label=gettext_lazy("Từ ngày"))
    until = day_field(
        label=gettext_lazy("Đến hết ngày"),
        required=False,
        help_text=gettext_lazy("Để trống nếu chưa định; đến ngày này quyền tự hết."),
    )

    def __init__(self, *args: Any, roles: list[tuple[Role, Verdict]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.name, f"{role.label}: {role.description}") for role, verdict in roles if verdict
        ]


class EndForm(forms.Form):
    on = day_field(label=gettext_lazy("Ngày giữ chức danh cuối cùng"))
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)


class SubstituteForm(forms.Form):
    person = PersonField(
        label=gettext_lazy("Người thay"),
        help_text=gettext_lazy("Gõ tên để chọn, hoặc mã đoàn viên, số điện thoại, email."),
    )
    since = day_field(label=gettext_lazy("Từ ngày"))
    until = day_field(label=gettext_lazy("Đến hết ngày"))
    reason = forms.CharField(label=gettext_lazy("Lý do vắng mặt"), max_length=200)
