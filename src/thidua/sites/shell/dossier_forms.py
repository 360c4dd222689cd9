"""The form fields of an initiative, shared by the author's pages and the office's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.initiatives.choices import Benefit, Disclosure, Kind

DATE_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class DayField(forms.DateField):
    """dd/mm/yyyy, as offices write it; the phone's own picker sends ISO."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=DATE_FORMATS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
        )


class MoneyField(forms.IntegerField):
    """Whole đồng; thousands may be typed with dots or spaces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0, max_value=10**15, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **options
        )

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.replace(".", "").replace(" ", "").replace(",", "").replace("đồng", "").replace("đ", "")
        return super().to_python(value)


def area(rows: int = 4, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class IdeaForm(forms.Form):
    """Thirty seconds: what it was, what you did."""

    title = forms.CharField(label=_("Tên sáng kiến"), min_length=8, max_length=300)
    problem_before = forms.CharField(label=_("Trước đây có vấn đề gì?"), min_length=10, widget=area())
    solution = forms.CharField(label=_("Anh/chị đã làm gì khác?"), min_length=10, widget=area())


class ContentForm(IdeaForm):
    kind = forms.ChoiceField(label=_("Loại giải pháp"), choices=[("", "–"), *Kind.choices], required=False)
    field = forms.CharField(label=_("Lĩnh vực áp dụng"), max_length=120, required=False)
    first_applied_on = DayField(
        label=_("Ngày áp dụng lần đầu hoặc áp dụng thử"),
        required=False,
        help_text=_("Ngày nào sớm hơn thì ghi ngày đó. Chương trình căn cứ ngày này để tính."),
    )
    applied_where = forms.CharField(label=_("Nơi áp dụng"), max_length=300, required=False)
    steps = forms.CharField(label=_("Các bước thực hiện"), widget=area(5), required=False)
    novelty = forms.CharField(label=_("Điểm mới so với trước"), widget=area(3), required=False)
    conditions = forms.CharField(label=_("Điều kiện để áp dụng"), widget=area(3), required=False)


class EffectForm(forms.Form):
    effect = forms.CharField(label=_("Hiệu quả sau khi áp dụng"), widget=area(4), required=False)
    benefit = forms.ChoiceField(label=_("Giá trị làm lợi"), choices=Benefit.choices, widget=forms.RadioSelect)
    before = MoneyField(label=_("Chi phí trước đây, mỗi đơn vị việc (đồng)"), required=False)
    after = MoneyField(label=_("Chi phí nay, mỗi đơn vị việc (đồng)"), required=False)
    volume = MoneyField(label=_("Số lượng việc trong một năm"), required=False)
    cost = MoneyField(label=_("Chi phí thực hiện sáng kiến (đồng)"), required=False)
    benefit_stated = MoneyField(
        label=_("Số tiền làm lợi một năm (đồng)"),
        required=False,
        help_text=_("Để trống nếu đã nhập bốn ô trên: (trước – nay) × số lượng – chi phí."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = [given.get(k) for k in ("before", "after", "volume")]
        if given.get("benefit_stated") is None and all(p is not None for p in parts):
            before, after, volume = (int(p) for p in parts if p is not None)
            given["benefit_stated"] = (before - after) * volume - int(given.get("cost") or 0)
            if given["benefit_stated"] < 0:
                self.add_error("after", _("Chi phí nay lớn hơn trước nên không có làm lợi: hãy kiểm tra số."))
        if given.get("benefit") == Benefit.MONEY and given.get("benefit_stated") is None and not self.errors:
            self.add_error("benefit_stated", _("Hãy nhập số tiền, hoặc chọn «Không tính được bằng tiền»."))
        if given.get("benefit") != Benefit.MONEY:
            given["benefit_stated"] = None
        return given

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("effect", "benefit", "benefit_stated")}


class LegalForm(forms.Form):
    claims_recognition = forms.BooleanField(label=_("Sáng kiến đã được công nhận bằng quyết định"), required=False)
    claimed_decision = forms.CharField(label=_("Số quyết định"), max_length=120, required=False)
    claimed_decided_on = DayField(label=_("Ngày quyết định"), required=False)
    is_ip_protected = forms.BooleanField(label=_("Đang được bảo hộ quyền sở hữu trí tuệ"), required=False)
    confidential = forms.CharField(label=_("Thông tin cần bảo mật (nếu có)"), widget=area(2), required=False)
    disclosure = forms.ChoiceField(
        label=_("Mức công khai"),
        choices=Disclosure.choices,
        widget=forms.RadioSelect,
        help_text=_("Công khai có thể làm mất tính mới nếu bạn định đăng ký bảo hộ."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("claims_recognition") and not given.get("claimed_decision"):
            self.add_error("claimed_decision", _("Hãy ghi số quyết định công nhận."))
        return given
