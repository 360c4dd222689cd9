"""Fields as people fill them in: dates, money, long texts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_MONEY = 10**15


class DayField(forms.DateField):
    """A date from the phone's own picker, or typed as dd/mm/yyyy."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
            error_messages={
                "invalid": _("Ngày không đúng: hãy ghi ngày/tháng/năm, ví dụ 01/09/2021."),
                "required": _("Hãy chọn ngày."),
            },
            **kwargs,
        )


class MoneyField(forms.IntegerField):
    """Đồng, with or without thousand separators: '24.000.000 đ'."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        message = _("Số tiền không đúng: hãy ghi số đồng, ví dụ 24.000.000.")
        super().__init__(min_value=0, max_value=MOST_MONEY, error_messages={"invalid": message}, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"(?<=\d)[.,\s](?=\d{3}(\D|$))", "", re.sub(r"\s*(đồng|đ|vnd|vnđ)\s*$", "", value.lower()))
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class LongField(forms.CharField):
    """A text as long as it needs to be; the limit only stops what nobody writes."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-count": ""})
        super().__init__(max_length=20_000, widget=widget, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
