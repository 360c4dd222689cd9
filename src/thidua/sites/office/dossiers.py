"""Inbox and dossiers of initiatives: what waits, one dossier with its current step, the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.initiatives import queries, rules, workflow
from thidua.initiatives.choices import State
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.domain import reception, recognitions
from thidua.initiatives.forms import PART_NAMES, FileForm
from thidua.initiatives.models import Initiative
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger
from thidua.people.models import Person
from thidua.sites.office import decisions, edits, entering, files, inbox
from thidua.sites.office.inbox import dossier_or_404
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.tallies import queries as tally_queries

RETURN_REASONS = (
    gettext_lazy("Đề nghị ghi ngày áp dụng lần đầu của sáng kiến."),
    gettext_lazy("Đề nghị mô tả rõ cách làm cũ và cách làm mới."),
    gettext_lazy("Đề nghị bổ sung ảnh hoặc số liệu minh chứng hiệu quả."),
    gettext_lazy("Đề nghị ghi đủ đồng tác giả và tỷ lệ đóng góp."),
)
REFUSAL_REASONS = (
    gettext_lazy("Giải pháp chưa có tính mới trong đơn vị: đã áp dụng từ trước."),
    gettext_lazy("Giải pháp chưa được áp dụng nên chưa xác định được hiệu quả."),
    gettext_lazy("Nội dung thuộc nhiệm vụ thường xuyên, chưa phải là sáng kiến."),
)


@needs(Permission.INITIATIVE_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """2/3 what it says, 1/3 the current step with what this person may do."""
    item, person = dossier_or_404(request, code), desk.person_of(request)
    offers = {o.name: o for o in workflow.WORKFLOW.offers(item, person)}
    context = {
        "item": item,
        "standing": workflow.standing_of(item),
        "recognise": offers.pop("recognise", None),
        "final": [offers.pop(name) for name in ("refuse", "revoke") if name in offers],
        "offers": list(offers.values()),
        "return_reasons": RETURN_REASONS,
        "refusal_reasons": REFUSAL_REASONS,
        "may_write": bool(rules.may_write(person, item)),
        "may_receive": bool(rules.may_receive(person, item)),
        "authors": item.authorships.all(),
        "attachments": queries.attachments_of(item),
        "recognition": queries.recognition_of(item),
        "may_certify": item.state == State.RECOGNISED
        and grants.may(person, Permission.INITIATIVE_RECOGNISE, item.handler),
        "verdicts": tally_queries.verdicts_of(item) or tally_queries.simulate(item, as_if_recognised=False),
        "acts": ledger.timeline_of(item),
        "adoptions": queries.adoptions_of(item),
        "similar": queries.similar_to(item),
        "parts": [(name, label) for name, label in PART_NAMES.items() if name != "xem-lai"],
        "file_form": FileForm(),
    }
    return answer(request, "office/dossiers/show.html", context)


@needs(Permission.INITIATIVE_VIEW)
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Receive, return, refuse, revoke, send for a worker. Recognition has its own form."""
    item, name = dossier_or_404(request, code), request.POST.get("step", "")
    try:
        done = take_step(item, name, by=desk.person_of(request), reason=request.POST.get("reason", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
        done = ""
    return redirect_after(request, "office:dossier", done, code)


def take_step(item: Initiative, name: str, *, by: Person, reason: str = "") -> str:
    """Do it; gives the sentence that says what was done."""
    if name == "receive":
        reception.receive(item, by=by)
        return _("Đã tiếp nhận hồ sơ.")
    if name == "send_back":
        reception.send_back(item, by=by, reason=reason)
        return _("Đã trả lại, tác giả nhận được lý do.")
    if name == "refuse":
        recognitions.refuse(item, by=by, reason=reason)
        return _("Đã ghi không công nhận.")
    if name == "revoke":
        recognition = queries.recognition_of(item)
        if recognition is None or item.state != State.RECOGNISED:
            raise Refused(_("Sáng kiến này chưa được công nhận nên không có gì để huỷ."))
        recognitions.revoke(recognition, by=by, reason=reason)
        return _("Đã huỷ bỏ công nhận.")
    if name in ("submit", "resume"):
        verbs.submit(item, by=by)
        return _("Đã gửi hồ sơ.")
    if name == "withdraw":
        verbs.withdraw(item, by=by, reason=reason)
        return _("Đã rút hồ sơ.")
    raise Http404(name)


@needs(Permission.INITIATIVE_RECEIVE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Receive or return the ticked ones; each that cannot be is named with its reason."""
    person, name = desk.person_of(request), request.POST.get("step", "")
    if name not in ("receive", "send_back"):
        raise Http404(name)
    done = 0
    for item in queries.visible_to(person).filter(code__in=request.POST.getlist("code")[:100]):
        try:
            take_step(item, name, by=person, reason=request.POST.get("reason", ""))
            done += 1
        except Refused as refused:
            messages.error(request, f"{item.code} {item.title}: {refused.sentence}")
    words = _("Đã tiếp nhận %(n)d hồ sơ.") if name == "receive" else _("Đã trả lại %(n)d hồ sơ.")
    return redirect_after(request, "office:initiatives", words % {"n": done} if done else "")


paths = [
    *inbox.paths,
    path("sang-kien/hang-loat/", bulk, name="dossiers-bulk"),
    *entering.paths,
    *files.paths,
    path("sang-kien/<str:code>/", show, name="dossier"),
    path("sang-kien/<str:code>/buoc/", step, name="dossier-step"),
    *decisions.paths,
    *edits.paths,
]
