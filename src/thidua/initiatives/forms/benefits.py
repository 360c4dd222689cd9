"""What whoever applied it first says of the benefit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.choices import Benefit
from thidua.initiatives.forms.fields import LongField, MoneyField


class FirstUseForm(forms.Form):
    benefit = forms.ChoiceField(
        label=_("Lợi ích thực tế"),
        choices=[(b.value, b.label) for b in (Benefit.MONEY, Benefit.NOT_QUANTIFIABLE)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn tính được bằng tiền hoặc không.")},
    )
    amount = MoneyField(label=_("Số tiền làm lợi mỗi năm (đồng)"), required=False)
    opinion = LongField(
        label=_("Ý kiến của người áp dụng lần đầu"),
        help_text=_("Áp dụng ở đâu, từ khi nào, khác gì trước đây."),
        error_messages={"required": _("Hãy ghi ý kiến.")},
    )


class RecordedFirstUseForm(FirstUseForm):
    """From a signed paper, by the office."""

    name = forms.CharField(label=_("Người hoặc đơn vị áp dụng lần đầu"), max_length=200)
    position = forms.CharField(label=_("Chức danh, đơn vị"), max_length=200, required=False)
    field_order = ("name", "position", "benefit", "amount", "opinion")
