"""Input of the dossier's pages: what was typed becomes values; every error says how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from thidua.documents.choices import Purpose
from thidua.initiatives import rules
from thidua.initiatives.choices import Benefit, Body, Disclosure, Kind, Scope
from thidua.initiatives.models import Initiative
from thidua.kernel import text
from thidua.people import queries as people_queries
from thidua.people.models import Person

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


class PartForm(forms.Form):
    """One screen of the dossier; `values()` are what `dossiers.write` takes."""

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
    unit_before = MoneyField(label=_("Chi phí một lần làm, trước đây (đồng)"), required=False)
    unit_after = MoneyField(label=_("Chi phí một lần làm, hiện nay (đồng)"), required=False)
    times = MoneyField(label=_("Số lần làm trong một năm"), required=False)
    cost = MoneyField(label=_("Chi phí bỏ ra để có sáng kiến (đồng)"), required=False)
    HELPER = ("unit_before", "unit_after", "times", "cost")

    @classmethod
    def of(cls, initiative: Initiative, posted: Any = None) -> PartForm:
        names = [n for n in cls.base_fields if n not in cls.HELPER]
        return cls(posted, initial={name: getattr(initiative, name) for name in names})

    def clean(self) -> dict[str, Any]:
        """The helper works the sum out when no sum was typed: (before - after) x times - cost."""
        given = super().clean() or {}
        before, after, times = (given.get(n) for n in ("unit_before", "unit_after", "times"))
        if given.get("benefit_stated") is None and before is not None and after is not None and times:
            worked_out = (before - after) * times - (given.get("cost") or 0)
            if worked_out < 0:
                self.add_error("unit_after", _("Theo các số này thì không có lợi về tiền: hãy xem lại."))
            else:
                given["benefit_stated"], given["benefit"] = worked_out, Benefit.MONEY
        if given.get("benefit") == Benefit.MONEY and given.get("benefit_stated") is None and not self.errors:
            self.add_error("benefit_stated", _("Hãy ghi số tiền làm lợi, hoặc chọn «Không tính được bằng tiền»."))
        if given.get("benefit") != Benefit.MONEY:
            given["benefit_stated"] = None
        return given

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in self.HELPER}


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
        error_messages={"required": _("Hãy xác nhận người lao động đồng ý cho nhập hộ.")},
    )

    def idea(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in IdeaForm.base_fields}


class DecisionForm(forms.Form):
    """The decision that recognises."""

    decision_number = forms.CharField(
        label=_("Số quyết định"),
        max_length=60,
        help_text=_("Ví dụ: 125/QĐ-BVĐK"),
        error_messages={"required": _("Hãy nhập số quyết định công nhận.")},
    )
    decided_on = DayField(label=_("Ngày quyết định"))
    body = forms.ChoiceField(label=_("Cơ quan công nhận"), choices=Body.choices)
    scope = forms.ChoiceField(label=_("Phạm vi"), choices=Scope.choices)
    decided_by = forms.CharField(
        label=_("Người ký quyết định"), required=False, max_length=120, help_text=_("Để trống nếu chính bạn ký.")
    )
    file = forms.FileField(label=_("Tệp quyết định (PDF, ảnh)"), required=False)


class FileForm(forms.Form):
    """One file for a dossier."""

    PURPOSES = (Purpose.PHOTO_BEFORE, Purpose.PHOTO_AFTER, Purpose.EVIDENCE, Purpose.DECISION)
    purpose = forms.ChoiceField(label=_("Loại tệp"), choices=[(p.value, p.label) for p in PURPOSES])
    file = forms.FileField(label=_("Tệp"), error_messages={"required": _("Hãy chọn tệp.")})
    caption = forms.CharField(label=_("Chú thích"), required=False, max_length=200)


def read_shares(names: list[str], typed: list[str]) -> tuple[list[tuple[str, Decimal]], str]:
    """Rows of (who, share) as typed, with the sentence of the first fault or ''."""
    rows: list[tuple[str, Decimal]] = []
    for name, share in zip(names, typed, strict=False):
        if not name.strip():
            continue
        bare = text.tidy(share).replace("%", "").strip().replace(",", ".")
        try:
            value = Decimal(bare or "0").quantize(Decimal("0.01"))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            return rows, str(_("Tỷ lệ «%(typed)s» không phải là số.")) % {"typed": share}
        if not 0 < value <= 100:
            return rows, str(_("Mỗi tỷ lệ phải lớn hơn 0 và không quá 100 %."))
        rows.append((name.strip(), value))
    return rows, ""


@dataclass
class AuthorRow:
    """One author on the screen: `key` is a person's id, or '=' and a name not on the roster."""

    key: str
    name: str
    note: str
    share: str


class AuthorSheet:
    """Authors and shares as they stand on the screen; nothing is written until they are saved."""

    MOST_FOUND = 8

    def __init__(self, initiative: Initiative, posted: MultiValueDict | None = None) -> None:
        self.initiative, self.posted = initiative, posted
        self.words = text.tidy(posted.get("q", "")) if posted is not None and "add" not in posted else ""
        self.fault = ""
        if posted is None:
            self.people: dict[str, Person] = {}
            self.rows = [
                AuthorRow(str(a.person_id) if a.person_id else f"={a.name}", a.name, "", shown_share(a.share))
                for a in initiative.authorships.all()
            ]
        else:
            self.people = self._people(posted)
            self.rows = self._typed_rows(posted)
            self._change(posted)

    def _people(self, posted: MultiValueDict) -> dict[str, Person]:
        """Those on the screen who may be named: on the union's roster, or named already."""
        asked = [*posted.getlist("who"), posted.get("add", "")]
        wanted = {key for key in asked if key.isdecimal() and len(key) < 19}
        named = {str(a.person_id): a.person for a in self.initiative.authorships.all() if a.person}
        listed = people_queries.roster(self.initiative.handler).filter(pk__in=wanted)
        return {k: p for k, p in named.items() if k in wanted} | {str(p.pk): p for p in listed}

    def _row(self, key: str, share: str) -> AuthorRow | None:
        if person := self.people.get(key):
            return AuthorRow(key, person.full_name, person.unit.short_name, share)
        name = text.tidy(key[1:])[:120]
        if key.startswith("=") and len(name) > 1:
            return AuthorRow(f"={name}", name, str(_("chưa có trong danh sách")), share)
        return None

    def _typed_rows(self, posted: MultiValueDict) -> list[AuthorRow]:
        typed = zip(posted.getlist("who"), posted.getlist("share"), strict=False)
        return [row for key, share in typed if (row := self._row(key, share))]

    def _change(self, posted: MultiValueDict) -> None:
        """Add, drop or share equally."""
        added = posted.get("add", "")
        row = self._row("=" + posted.get("q", "") if added == "=" else added, "")
        if row and all(r.key != row.key for r in self.rows):
            self.rows.append(row)
        self.rows = [r for r in self.rows if r.key != posted.get("drop", "")]
        if "equal" in posted and self.rows:
            each = (Decimal(100) / len(self.rows)).quantize(Decimal("0.01"))
            for other in self.rows:
                other.share = shown_share(each)
            self.rows[0].share = shown_share(100 - each * (len(self.rows) - 1))

    def values(self) -> list[tuple[Person | str, Decimal]]:
        """What `dossiers.share_out` takes; `fault` is set when a share cannot be read."""
        typed, self.fault = read_shares([r.key for r in self.rows], [r.share for r in self.rows])
        return [(self.people.get(key) or key[1:], share) for key, share in typed]

    def found(self) -> list[Person]:
        """Whom the search box finds on the union's roster, those on the screen left out."""
        if len(self.words) < 2:
            return []
        there = [int(r.key) for r in self.rows if r.key.isdecimal()]
        roster = people_queries.roster(self.initiative.handler).exclude(pk__in=there)
        return list(people_queries.search(roster, self.words).order_by("sort_key")[: self.MOST_FOUND])


def shown_share(share: Decimal) -> str:
    return f"{share.normalize():f}".replace(".", ",")
