"""Is it new? What was found alike, the passages side by side, and the officer's word on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access.permissions import Permission
from thidua.initiatives import rules as initiative_rules
from thidua.initiatives import workflow
from thidua.initiatives.models import Initiative
from thidua.kernel import clock
from thidua.kernel.formats import counted
from thidua.kernel.verdicts import Refused
from thidua.people.models import Person
from thidua.similarity import queries, rules
from thidua.similarity.choices import TONES, Finding
from thidua.similarity.domain import facing, judgements, reading
from thidua.similarity.models import Likeness
from thidua.sites.office import repeats
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after

MOST_ON_DOSSIER = 3


class JudgementForm(forms.Form):
    finding = forms.ChoiceField(label=gettext_lazy("Kết luận"), choices=Finding.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Lý do, căn cứ"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Bắt buộc khi kết luận là sáng kiến mới. Tác giả và cấp trên xem được."),
    )

    then = forms.ChoiceField(
        label=gettext_lazy("Nếu là sao chép hoặc áp dụng lại, làm luôn"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Tác giả nhận kết luận này làm lý do."),
    )

    def __init__(self, *args: Any, allowed: list[str], steps: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, label) for value, label in Finding.choices if value in allowed]
        self.fields["finding"].choices = choices  # type: ignore[attr-defined]
        if steps:
            then = [("", _("Chưa làm gì, để xử lý sau")), *steps]
            self.fields["then"].choices = then  # type: ignore[attr-defined]
        else:
            del self.fields["then"]


def on_dossier(item: Initiative, person: Person) -> dict[str, Any]:
    """What the page of a dossier tells: the nearest ones, and what was decided."""
    shown = queries.likenesses_of(item, person)
    judgement = queries.judgement_of(item)
    return {
        "likenesses": [(row, rules.degree(row.share, row.of_title)) for row in shown.seen[:MOST_ON_DOSSIER]],
        "more": len(shown.seen) > MOST_ON_DOSSIER or len(shown.to_ask) > MOST_ON_DOSSIER,
        "hidden": shown.hidden,
        "to_ask": shown.to_ask[:MOST_ON_DOSSIER],
        "judgement": judgement,
        "judgement_tone": TONES[Finding(judgement.finding)] if judgement else "",
        "descendants": queries.descendants_of(item),
    }


@needs(Permission.INITIATIVE_VIEW)
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that was found alike."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    return _list(request, item, person, None)


def _list(
    request: HttpRequest, item: Initiative, person: Person, form: JudgementForm | None, status: int = 200
) -> HttpResponse:
    shown = queries.likenesses_of(item, person)
    may_judge = rules.may_judge(person, item)
    context = {
        "item": item,
        "rows": [(row, rules.degree(row.share, row.of_title)) for row in shown.seen],
        "hidden": shown.hidden,
        "to_ask": shown.to_ask,
        "comparison": queries.comparison_of(item),
        "judgements": [(j, TONES[Finding(j.finding)]) for j in queries.judgements_of(item)],
        "may_judge": bool(may_judge),
        "form": form or JudgementForm(allowed=[Finding.NEW], initial={"finding": Finding.NEW}),
    }
    return answer(request, "office/similarity/list.html", context, status=status)


@needs(Permission.INITIATIVE_VIEW)
def side_by_side(request: HttpRequest, code: str, other_code: str) -> HttpResponse:
    """The passages both have, marked."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    other, is_public_only = _other_or_404(person, item, other_code)
    return _pair(request, item, person, other, None, is_public_only=is_public_only)


def _other_or_404(person: Person, item: Initiative, other_code: str) -> tuple[Initiative, bool]:
    other, is_public_only = queries.other_for(person, other_code)
    if other is None or other.pk == item.pk:
        raise Http404(other_code)
    return other, is_public_only


def _pair(
    request: HttpRequest,
    item: Initiative,
    person: Person,
    other: Initiative,
    form: JudgementForm | None,
    *,
    is_public_only: bool,
    status: int = 200,
) -> HttpResponse:
    is_cut = not initiative_rules.may_examine(person, item)
    found = facing.face(item, other, other_is_public_only=is_public_only, is_public_only=is_cut)
    may_adopt = rules.may_adopt(person, item, other)
    context = {
        "item": item,
        "other": other,
        "is_public_only": is_public_only,
        "in_office": queries.is_in_office(person, other),
        "facing": found,
        "of_here": round(found.found.of_here * 100),
        "of_there": round(found.found.of_there * 100),
        "degree": rules.degree(found.found.share, found.of_title),
        "near": rules.nearness(item, other),
        "may_judge": bool(rules.may_judge(person, item)),
        "why_no_adoption": "" if may_adopt else may_adopt.sentence,
        "form": form or JudgementForm(allowed=_allowed(person, item, other), steps=_steps(person, item)),
    }
    return answer(request, "office/similarity/pair.html", context, status=status)


def _allowed(person: Person, item: Initiative, other: Initiative) -> list[str]:
    may_adopt = bool(rules.may_adopt(person, item, other))
    return [f for f in Finding.values if f != Finding.ADOPTION or may_adopt]


def _steps(person: Person, item: Initiative) -> list[tuple[str, Any]]:
    """What this person may do with the dossier right away."""
    offers = workflow.WORKFLOW.offers(item, person)
    return [(o.name, o.step.label) for o in offers if o.name in ("refuse", "send_back") and o.is_open]


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def judge(request: HttpRequest, code: str) -> HttpResponse:
    """Say what it is; the words typed stay on the page when something is missing."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    other, is_public_only = (
        _other_or_404(person, item, request.POST["other"]) if request.POST.get("other") else (None, False)
    )
    allowed = _allowed(person, item, other) if other else [Finding.NEW.value]
    form = JudgementForm(request.POST, allowed=allowed, steps=_steps(person, item) if other else ())
    if _was_just_judged(request, item, person):
        return redirect_after(request, "office:dossier", repeats.said(), code)
    if form.is_valid():
        try:
            made = judgements.judge(item, by=person, other=other, **form.cleaned_data)
            return redirect_after(request, "office:dossier", _said(made.finding), code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    if other is None:
        return _list(request, item, person, form, status=422)
    return _pair(request, item, person, other, form, is_public_only=is_public_only, status=422)


def _was_just_judged(request: HttpRequest, item: Initiative, person: Person) -> bool:
    """The same finding on the same dossier with the same words a moment ago: a double click, not a second word."""
    held, asked = queries.judgement_of(item), request.POST.get
    if held is None or held.by_id != person.pk or clock.now() - held.at > repeats.SAME_ACT:
        return False
    said = (held.finding, held.other.code if held.other else "", held.reason)
    other = asked("other", "") if held.other else ""
    return said == (asked("finding", ""), other, asked("reason", "").strip())


def _said(finding: str) -> str:
    if finding == Finding.ADOPTION:
        return _("Đã chuyển thành đăng ký áp dụng sáng kiến đã có; hồ sơ này không tính là sáng kiến mới.")
    if finding == Finding.COPY:
        return _("Đã ghi là sao chép; hồ sơ này không được tính.")
    return _("Đã ghi kết luận so sánh.")


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Compare now, documents included, without waiting for the worker."""
    item = dossier_or_404(request, code)
    reading.with_files(item.pk)
    found = Likeness.objects.filter(initiative=item).count()
    words = counted("Đã so sánh lại với toàn bộ thư viện: %(n)d hồ sơ giống.", found)
    return redirect_after(request, "office:compare", words, code)


paths = [
    path("sang-kien/<str:code>/so-sanh/", compare, name="compare"),
    path("sang-kien/<str:code>/so-sanh/ket-luan/", judge, name="compare-judge"),
    path("sang-kien/<str:code>/so-sanh/lam-lai/", renew, name="compare-renew"),
    path("sang-kien/<str:code>/so-sanh/<str:other_code>/", side_by_side, name="compare-pair"),
]
