"""The decision, and files of a dossier."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from thidua.documents.choices import Purpose
from thidua.initiatives.choices import Body, Scope
from thidua.initiatives.forms.fields import DayField


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
