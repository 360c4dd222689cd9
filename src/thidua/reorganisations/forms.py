"""Input of the screens about orders: one form for each kind of line."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.kernel.pickers import UnitPicker, code_of
from thidua.orgs import queries as org_queries
from thidua.orgs.choices import Change, Employer


class Codes(forms.CharField):
    """Codes one a line, or separated by commas or spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [code_of(line) for line in super().clean(value).splitlines()]
        return [code for line in lines for code in re.split(r"[\s,;]+", line) if code]


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class OrderForm(forms.Form):
    title = forms.CharField(label=_("Trích yếu"), max_length=300, help_text=_("Ví dụ: Sáp nhập Công đoàn ngành Y tế."))
    decision_number = forms.CharField(label=_("Số quyết định"), max_length=60, required=False)
    decided_on = _day(label=_("Ngày quyết định"), required=False)
    effective_on = _day(label=_("Ngày hiệu lực"), help_text=_("Có thể là ngày đã qua hoặc sắp tới."))
    keeps_posts = forms.BooleanField(
        label=_("Cán bộ của đơn vị kết thúc tiếp tục giữ chức danh ở đơn vị kế thừa"), required=False, initial=True
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(label=_("Bản quét quyết định (PDF, ảnh)"), required=False)


class LineForm(forms.Form):
    """`line()` gives what `drafting.add_line` takes."""

    MANY = False

    def line(self) -> dict[str, Any]:
        fields = dict(self.cleaned_data)
        taken: dict[str, Any] = {name: fields.pop(name) for name in ("unit_code", "to_code", "name") if name in fields}
        return {**taken, "details": fields}


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Loại đơn vị"))


class _WithKind(LineForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "—"), *org_queries.kinds().values_list("code", "name")]  # type: ignore[attr-defined]


class EstablishForm(_WithKind):
    unit_code = forms.SlugField(label=_("Mã đơn vị mới"), max_length=40)
    name = forms.CharField(label=_("Tên đầy đủ"), max_length=250)
    short_name = forms.CharField(label=_("Tên gọn"), max_length=120, required=False)
    kind = _kind_field()
    to_code = UnitPicker(label=_("Cấp trên trực tiếp"))
    symbol = forms.CharField(label=_("Chữ viết tắt trong số, ký hiệu văn bản"), max_length=30, required=False)
    place = forms.CharField(label=_("Địa danh trên văn bản"), max_length=120, required=False)
    sector = forms.CharField(label=_("Ngành"), max_length=60, required=False)
    employer = forms.ChoiceField(label=_("Loại hình sử dụng lao động"), choices=Employer.choices, initial=Employer.NONE)


class RenameForm(LineForm):
    unit_code = UnitPicker(label=_("Đơn vị"))
    name = forms.CharField(label=_("Tên mới đầy đủ"), max_length=250)
    short_name = forms.CharField(label=_("Tên gọn"), max_length=120, required=False)


class ReclassifyForm(_WithKind):
    unit_code = UnitPicker(label=_("Đơn vị"))
    kind = _kind_field()


class MoveForm(LineForm):
    MANY = True
    unit_code = Codes(label=_("Các đơn vị chuyển đi"), help_text=_("Mỗi dòng một mã đơn vị."))
    to_code = UnitPicker(label=_("Cấp trên trực tiếp mới"))


class MergeForm(LineForm):
    MANY = True
    unit_code = Codes(label=_("Các đơn vị được sáp nhập (kết thúc)"), help_text=_("Mỗi dòng một mã đơn vị."))
    to_code = UnitPicker(label=_("Đơn vị kế thừa"), help_text=_("Đơn vị mới thì thêm dòng «Thành lập» trước."))


class SplitForm(_WithKind):
    unit_code = UnitPicker(label=_("Đơn vị bị tách"))
    to_code = forms.SlugField(label=_("Mã đơn vị mới"), max_length=40)
    name = forms.CharField(label=_("Tên đầy đủ của đơn vị mới"), max_length=250)
    kind = _kind_field()
    units = Codes(label=_("Đơn vị trực thuộc đi theo"), required=False, help_text=_("Mỗi dòng một mã đơn vị."))
    people = Codes(label=_("Đoàn viên đi theo"), required=False, help_text=_("Mỗi dòng một mã đoàn viên."))


class DissolveForm(LineForm):
    unit_code = UnitPicker(label=_("Đơn vị kết thúc hoạt động"))
    to_code = UnitPicker(
        label=_("Đơn vị kế thừa công việc"), required=False, help_text=_("Để trống nếu không có đơn vị kế thừa.")
    )


FORMS: dict[str, type[LineForm]] = {
    Change.ESTABLISH: EstablishForm,
    Change.RENAME: RenameForm,
    Change.RECLASSIFY: ReclassifyForm,
    Change.MOVE: MoveForm,
    Change.MERGE: MergeForm,
    Change.SPLIT: SplitForm,
    Change.DISSOLVE: DissolveForm,
}
