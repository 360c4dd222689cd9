"""Every component once, with sample words: for those who write pages (`/ui-components`)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse

from thidua.access.permissions import Permission
from thidua.kernel import clock
from thidua.kernel.paging import Page
from thidua.kernel.verdicts import YES, no
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer
from thidua.workflow.engine import Offer, Step

ICONS = Path(__file__).parent / "static" / "shell" / "icons.svg"


class SampleForm(forms.Form):
    title = forms.CharField(label="Tên sáng kiến", max_length=120, help_text="Một câu, nói được cái mới.")
    kind = forms.ChoiceField(label="Loại giải pháp", choices=[("", "–"), ("a", "Kỹ thuật"), ("b", "Quản lý")])
    applied_on = forms.DateField(label="Ngày áp dụng lần đầu")
    is_public = forms.BooleanField(label="Cho đăng lên thư viện", required=False)


def sample_offers() -> list[Offer]:
    """An open step, one that asks first, one that needs a reason, one that is not ready."""

    def step(name: str, label: str, **more: object) -> Step:
        return Step(name, frozenset({"submitted"}), "received", label, lambda _actor, _item: YES, "", **more)  # type: ignore[arg-type]

    return [
        Offer(step("receive", "Tiếp nhận"), YES),
        Offer(step("publish", "Công bố", confirm="Công bố kết quả?|Sau khi công bố không sửa được nữa."), YES),
        Offer(step("return", "Trả lại", needs_reason=True, tone="danger"), YES, 20),
        Offer(step("recognise", "Công nhận"), no("Còn thiếu số và ngày quyết định.")),
    ]


@needs(Permission.UNIT_MANAGE)
def components(request: HttpRequest) -> HttpResponse:
    """Administrators and developers; nothing here is stored."""
    form = SampleForm({"title": "", "kind": "", "applied_on": "31/02/2022"})
    form.is_valid()
    context = {
        "form": form,
        "tones": ["muted", "info", "warning", "success", "danger"],
        "icons": re.findall(r'<symbol id="([a-z0-9-]+)"', ICONS.read_text("utf-8")),
        "offers": sample_offers(),
        "reasons": ["Thiếu ảnh trước và sau khi áp dụng.", "Chưa nói rõ ngày áp dụng lần đầu."],
        "pages": Page(rows=[], next="sau", previous="truoc"),
        "bars": [("CĐCS Bệnh viện Nhi", 22, 20, ""), ("CĐCS Bệnh viện Mắt", 9, 20, ""), ("Chưa giao", 4, None, "")],
        "rows": [SimpleNamespace(state=state, get_state_display=words.__str__) for state, words in _STATES],
        "yesterday": clock.now() - timedelta(days=1),
    }
    return answer(request, "shell/gallery.html", context)


_STATES = [
    ("draft", "Nháp"),
    ("submitted", "Chờ tiếp nhận"),
    ("returned", "Cần bổ sung"),
    ("recognised", "Đã công nhận"),
]
