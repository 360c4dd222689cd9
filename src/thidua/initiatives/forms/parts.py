"""The screens of the dossier: what was typed becomes values; every error says how to mend it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.initiatives import rules
from thidua.initiatives.choices import Benefit, Disclosure, Kind, Sealable
from thidua.initiatives.forms.fields import DayField, LongField, MoneyField
from thidua.initiatives.models import Initiative


class PartForm(forms.Form):
    """One screen of the dossier; `values()` are what `dossiers.write` takes."""

    worked_out: int | None = None  # what the calculator made of the numbers, to be told

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}

    @classmethod
    def of(cls, initiative: Initiative, posted: Any = None) -> PartForm:
        return cls(posted, initial={name: getattr(initiative, name) for name in cls.base_fields})


class IdeaForm(PartForm):
    """The four boxes of the quick form (the fourth is who one is)."""

    title = forms.CharField(
        label=_("Tên sáng kiến"),
        max_length=300,
        min_length=rules.TITLE_MIN,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Ví dụ: Xe đẩy thuốc ba tầng")}),
        error_messages={
            "required": _("Hãy đặt tên cho sáng kiến."),
            "min_length": _("Tên sáng kiến cần ít nhất %(limit_value)d ký tự."),
        },
    )
    problem_before = LongField(
        label=_("Vấn đề trước đây thế nào?"),
        min_length=rules.TEXT_MIN,
        error_messages={
            "required": _("Hãy mô tả vấn đề trước khi có sáng kiến."),
            "min_length": _("Hãy mô tả vấn đề rõ hơn, ít nhất %(limit_value)d ký tự."),
        },
    )
    solution = LongField(
        label=_("Bạn đã làm gì khác?"),
        min_length=rules.TEXT_MIN,
        error_messages={
            "required": _("Hãy mô tả bạn đã làm khác đi như thế nào."),
            "min_length": _("Hãy mô tả cách làm rõ hơn, ít nhất %(limit_value)d ký tự."),
        },
    )


class ContentForm(PartForm):
    kind = forms.ChoiceField(
        label=_("Loại giải pháp"), required=False, choices=[("", _("Chưa rõ, nhờ cán bộ chọn giúp")), *Kind.choices]
    )
    field = forms.CharField(label=_("Lĩnh vực áp dụng"), required=False, max_length=120)
    first_applied_on = DayField(
        label=_("Ngày áp dụng lần đầu"),
        required=False,
        help_text=_("Kể cả áp dụng thử; lấy ngày sớm hơn. Chương trình tính sáng kiến theo ngày này."),
    )
    applied_where = forms.CharField(label=_("Nơi áp dụng"), required=False, max_length=300)
    steps = LongField(
        label=_("Các bước thực hiện"),
        required=False,
    )
    novelty = LongField(
        label=_("Điểm mới"),
        required=False,
        rows=3,
    )
    conditions = LongField(
        label=_("Điều kiện cần để áp dụng"),
        required=False,
        rows=3,
    )
    sponsor = forms.CharField(
        label=_("Ai bỏ kinh phí để làm?"),
        required=False,
        max_length=200,
        help_text=_("Chủ đầu tư tạo ra sáng kiến, nếu không phải là tác giả."),
    )


class EffectForm(PartForm):
    effect = LongField(
        label=_("Hiệu quả"),
        required=False,
        rows=5,
        help_text=_("Thời gian, chất lượng, an toàn, môi trường, điều kiện làm việc… trước và sau."),
    )
    benefit = forms.ChoiceField(
        label=_("Giá trị làm lợi"), choices=Benefit.choices, initial=Benefit.UNKNOWN, widget=forms.RadioSelect
    )
    benefit_stated = MoneyField(label=_("Số tiền làm lợi mỗi năm (đồng)"), required=False)
    benefit_before = MoneyField(label=_("Chi phí một lần làm, trước đây (đồng)"), required=False)
    benefit_after = MoneyField(label=_("Chi phí một lần làm, hiện nay (đồng)"), required=False)
    benefit_volume = MoneyField(label=_("Số lần làm trong kỳ"), required=False)
    benefit_months = forms.TypedChoiceField(
        label=_("Kỳ tính"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(12, _("một năm")), (6, _("sáu tháng")), (3, _("một quý")), (1, _("một tháng"))],
    )
    benefit_cost = MoneyField(label=_("Chi phí bỏ ra để có sáng kiến (đồng)"), required=False)

    def clean(self) -> dict[str, Any]:
        """The calculator works the sum out when no sum was typed; what it was worked out from is kept."""
        given = super().clean() or {}
        self._work_out(given)
        if given.get("benefit") == Benefit.MONEY and given.get("benefit_stated") is None and not self.errors:
            self.add_error("benefit_stated", _("Hãy ghi số tiền làm lợi, hoặc chọn «Không tính được bằng tiền»."))
        if given.get("benefit") != Benefit.MONEY:
            given["benefit_stated"] = None
        return given

    def _work_out(self, given: dict[str, Any]) -> None:
        before, after, volume = (given.get(f"benefit_{n}") for n in ("before", "after", "volume"))
        if {before, after, volume, given.get("benefit_cost")} == {None}:
            given["benefit_months"] = None  # the box always says a period; without sums it says nothing
        if before is None or after is None or not volume:
            return
        months = given.get("benefit_months") or rules.MONTHS_A_YEAR
        worked_out = rules.yearly_benefit(before, after, volume, months, given.get("benefit_cost") or 0)
        if given.get("benefit_stated") is not None or given.get("benefit") == Benefit.NOT_QUANTIFIABLE:
            return
        if worked_out < 0:
            self.add_error("benefit_after", _("Theo các số này thì không có lợi về tiền: hãy xem lại."))
        else:
            given["benefit_stated"], given["benefit"] = worked_out, Benefit.MONEY
            self.worked_out = worked_out


class RecognitionForm(PartForm):
    claims_recognition = forms.BooleanField(label=_("Sáng kiến này đã được công nhận"), required=False)
    claimed_decision = forms.CharField(
        label=_("Số quyết định công nhận"), required=False, max_length=120, help_text=_("Ví dụ: 125/QĐ-BVĐK")
    )
    claimed_decided_on = DayField(label=_("Ngày quyết định"), required=False)
    disclosure = forms.ChoiceField(label=_("Mức công khai"), choices=Disclosure.choices, widget=forms.RadioSelect)
    is_ip_protected = forms.BooleanField(
        label=_("Đang hoặc định đăng ký quyền sở hữu trí tuệ"),
        required=False,
        help_text=_("Giải pháp đang được bảo hộ sở hữu trí tuệ không được tính là sáng kiến của chương trình."),
    )
    confidential = LongField(
        label=_("Thông tin cần giữ kín"),
        required=False,
        rows=3,
    )

    sealed = forms.MultipleChoiceField(
        label=_("Phần chỉ người xét duyệt được đọc"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Sealable.choices,
        help_text=_(
            "Tên, hiệu quả và khen thưởng luôn được nêu; phần đánh dấu không hiện ra ngoài dù hồ sơ công khai."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("claims_recognition") and not given.get("claimed_decision"):
            self.add_error("claimed_decision", _("Hãy ghi số quyết định công nhận."))
        if not given.get("claims_recognition"):
            given["claimed_decision"], given["claimed_decided_on"] = "", None
        return given


PARTS: dict[str, type[PartForm]] = {
    "y-tuong": IdeaForm,
    "noi-dung": ContentForm,
    "hieu-qua": EffectForm,
    "cong-nhan": RecognitionForm,
}
PART_NAMES = {
    "y-tuong": _("Ý tưởng"),
    "noi-dung": _("Nội dung"),
    "hieu-qua": _("Hiệu quả"),
    "tac-gia": _("Tác giả"),
    "cong-nhan": _("Công nhận, bảo mật"),
    "xem-lai": _("Xem lại"),
}


class VisitorForm(IdeaForm):
    """The quick form without an account."""

    name = forms.CharField(
        label=_("Họ và tên"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Hãy nhập họ và tên.")},
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Hãy nhập số điện thoại để công đoàn liên hệ.")},
    )

    def __init__(self, *args: Any, is_shared: bool = False, **kwargs: Any) -> None:
        """On a shared device the browser must not offer one worker's name and phone to the next."""
        super().__init__(*args, **kwargs)
        if is_shared:
            for field in self.fields.values():
                field.widget.attrs["autocomplete"] = "off"


class BehalfForm(IdeaForm):
    """An officer enters for a worker on the roster or a new one."""

    author = forms.CharField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(label=_("Họ và tên người lao động"), required=False, max_length=120)
    phone = forms.CharField(
        label=_("Số điện thoại"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    job_title = forms.CharField(label=_("Công việc"), required=False, max_length=120)
    is_direct_worker = forms.BooleanField(label=_("Lao động trực tiếp"), required=False)
    consent_noted = forms.BooleanField(
        label=_("Người lao động đồng ý cho công đoàn nhập hộ"),
        help_text=_("Đồng tác giả ghi thêm trước khi gửi cũng phải đã đồng ý với tỷ lệ của mình."),
        error_messages={"required": _("Hãy xác nhận người lao động đồng ý cho nhập hộ.")},
    )

    def idea(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in IdeaForm.base_fields}
