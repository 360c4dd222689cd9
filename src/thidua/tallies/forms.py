"""Input of results reported by hand."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.forms import DayField
from thidua.tallies.models import Declaration


class NumberField(forms.IntegerField):
    """A whole number, with or without thousand separators: '1.200'."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Hãy nhập một số nguyên, ví dụ 12 hoặc 1.200.")
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(error_messages={"invalid": message}, widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"(?<=\d)[.,\s](?=\d{3}(\D|$))", "", value.strip())
        return super().to_python(value)


class DeclarationForm(forms.Form):
    """What was done, how many, when, and what shows it. Files are read by the view."""

    what = forms.ChoiceField(label=_("Chỉ tiêu"))
    value = NumberField(
        label=_("Kết quả (số)"),
        help_text=_("Chỉ ghi phần do chính đơn vị làm; phần của các đơn vị trực thuộc được cộng riêng."),
    )
    on = DayField(label=_("Ngày thực hiện"))
    content = forms.CharField(
        label=_("Việc đã làm"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ví dụ: đối thoại định kỳ quý I tại hội trường, 120 người dự."),
    )
    paper = forms.CharField(
        label=_("Số, ký hiệu văn bản làm căn cứ (nếu có)"),
        required=False,
        max_length=120,
        help_text=_("Ghi số văn bản để cùng một việc không bị kê khai hai lần."),
    )
    reason = forms.CharField(label=_("Lý do sửa"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], item: Declaration | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [("", _("– chọn –")), *choices]
        if item is not None:
            del self.fields["what"]
        if item is None or not item.booked:
            del self.fields["reason"]
