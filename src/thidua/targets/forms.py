"""Input of targets a unit sets itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.forms import DayField
from thidua.programmes.choices import Amount, Comparator
from thidua.programmes.models import Indicator, Programme
from thidua.tallies.forms import NumberField
from thidua.targets.domain.owning import Wanted
from thidua.targets.models import Target


class OwnTargetForm(forms.Form):
    """Which indicator, for when, how much, and of what a percentage is taken."""

    what = forms.ChoiceField(label=_("Chỉ tiêu"))
    label = forms.CharField(label=_("Tên chỉ tiêu (khi chọn «Chỉ tiêu khác»)"), required=False, max_length=300)
    span = forms.ChoiceField(label=_("Cho thời gian"))
    comparator = forms.ChoiceField(label=_("Mức"), choices=Comparator.choices, initial=Comparator.AT_LEAST)
    value = forms.DecimalField(
        label=_("Số hoặc tỷ lệ %"), max_digits=18, decimal_places=2, localize=True, min_value=Decimal(0)
    )
    value_to = forms.DecimalField(
        label=_("Đến (khi chọn «trong khoảng»)"), max_digits=18, decimal_places=2, required=False, localize=True
    )
    is_percent = forms.BooleanField(label=_("Là tỷ lệ %"), required=False)
    threshold = NumberField(
        label=_("Số sáng kiến tối thiểu của mỗi công đoàn cơ sở"),
        required=False,
        help_text=_("Chỉ dùng cho «Tỷ lệ công đoàn cơ sở đạt số sáng kiến tối thiểu»."),
    )
    base_value = NumberField(
        label=_("Số gốc của tỷ lệ (để trống: lấy số đơn vị đã khai)"),
        required=False,
    )
    base_on = DayField(label=_("Ngày của số gốc"), required=False)

    def __init__(self, *args: Any, programme: Programme, indicators: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.indicators = {i.pk: i for i in indicators}
        what, span = self.fields["what"], self.fields["span"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(span, forms.ChoiceField)
        what.choices = [("", _("– chọn –")), *((i.pk, i.name) for i in indicators)]
        phases = list(programme.phases.all())
        years = sorted({d.year for p in phases for d in (p.starts_on, p.ends_on) if d})
        span.choices = [
            ("", _("Cả chương trình")),
            *((f"p{p.pk}", p.name) for p in phases),
            *((f"y{year}", _("Năm %(year)d") % {"year": year}) for year in years),
        ]
        span.required = False

    def wanted(self) -> Wanted:
        """What was typed, as values; a percentage indicator is a percentage without saying so."""
        typed = self.cleaned_data
        indicator, span = self.indicators[typed["what"]], typed["span"]
        return Wanted(
            indicator=indicator,
            label=typed["label"],
            phase=next((p for p in self.programme.phases.all() if f"p{p.pk}" == span), None),
            year=int(span[1:]) if span.startswith("y") else None,
            comparator=typed["comparator"],
            value=typed["value"],
            value_to=typed["value_to"],
            is_percent=typed["is_percent"] or indicator.amount == Amount.PERCENT,
            threshold=typed["threshold"],
            base_value=typed["base_value"],
            base_on=typed["base_on"],
        )

    @staticmethod
    def saved(target: Target) -> dict[str, Any]:
        """The fields of a target as the form shows them."""
        names = ("label", "comparator", "value", "value_to", "threshold", "base_value", "base_on")
        found: dict[str, Any] = {name: getattr(target, name) for name in names}
        found |= {"what": target.indicator_id, "is_percent": target.amount == Amount.PERCENT}
        span = f"p{target.phase_id}" if target.phase_id else ""
        return {**found, "span": f"y{target.year}" if target.year else span}
