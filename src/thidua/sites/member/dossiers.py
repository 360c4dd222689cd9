"""Following one's own initiatives: the list, one dossier, its steps, shares, disclosure, files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.initiatives import consents, queries, rules, workflow
from thidua.initiatives.choices import AUTHOR_LABELS, Disclosure, State
from thidua.initiatives.domain import attachments, evidence, library, remuneration, second_tries, shares, uploads
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.forms import PART_NAMES
from thidua.initiatives.models import Initiative
from thidua.kernel import paging
from thidua.kernel.verdicts import Refused
from thidua.sites.shell import desk, kept
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after
from thidua.tallies import queries as tally_queries

NEWEST = ("-changed_at", "-id")


def own_or_404(request: HttpRequest, code: str) -> Initiative:
    """The person's own dossier; anybody else's does not exist here."""
    found = queries.own_dossier(desk.person_of(request), code)
    if found is None:
        raise Http404(code)
    return found


def take_arrived(request: HttpRequest, item: Initiative) -> None:
    """Files of the quick form whose owner came to the draft instead of sending it."""
    if item.state == State.DRAFT:
        kept.hand_over(request, item.submission_key or "", item, by=desk.person_of(request))


@signed_in
def initiatives(request: HttpRequest) -> HttpResponse:
    """My initiatives, newest change first."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.own(desk.person_of(request))
    if state in State.values:
        found = found.filter(state=state)
    if words:
        found = queries.titled(found, words)
    page = paging.page(found, NEWEST, request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": [(i, workflow.standing_of(i, for_author=True)) for i in page.rows],
        "states": AUTHOR_LABELS.items(),
        "state": state,
        "words": words,
    }
    return answer(request, "member/dossiers/list.html", context)


@signed_in
def initiative(request: HttpRequest, code: str) -> HttpResponse:
    """One dossier: the reason it came back first, then where it stands, then what it says."""
    item, person = own_or_404(request, code), desk.person_of(request)
    take_arrived(request, item)
    is_filed = item.state not in (State.DRAFT, State.WITHDRAWN)
    context = {
        "item": item,
        "standing": workflow.standing_of(item, for_author=True),
        "offers": [o for o in workflow.WORKFLOW.offers(item, person) if is_filed or o.name != "withdraw"],
        "may_write": bool(rules.may_write(person, item)),
        "may_write_anew": item.state in rules.WRITTEN_ANEW and bool(item.title),
        "authors": consents.of_each(item),
        "own_share": (own := next((a for a in item.authorships.all() if a.person_id == person.pk), None)),
        "own_answer_by": consents.answer_by(own, item) if own and not own.confirmed_at else None,
        "attachments": (attached := queries.attachments_of(item)),
        "checklist": evidence.checklist(item, attached),
        "pay_years": remuneration.years(item) if item.state == State.RECOGNISED else [],
        "pay_lacks": remuneration.lacking(item),
        "participants": item.participants.all(),
        "versions": item.revisions.count(),
        "may_withdraw": bool(rules.may_withdraw(person, item)),
        "may_leave": bool(rules.may_leave(person, item)),
        "objection_min": rules.TEXT_MIN,
        "objections": [a for a in item.authorships.all() if a.objection],
        "recognition": queries.recognition_of(item),
        "verdicts": tally_queries.verdicts_of(item, person) if is_filed else tally_queries.simulate(item, person),
        "is_filed": is_filed,
        "acts": queries.history_of(item),
        "adoptions": queries.adoptions_of(item),
        "disclosures": Disclosure.choices,
        "parts": PART_NAMES.items(),
    }
    return answer(request, "member/dossiers/show.html", context)


@signed_in
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Send, send again, withdraw."""
    item, person = own_or_404(request, code), desk.person_of(request)
    name = request.POST.get("step", "")
    is_draft = item.state == State.DRAFT
    take_arrived(request, item)
    try:
        if name in ("submit", "resume"):
            verbs.submit(item, by=person)
        elif name == "withdraw":
            verbs.withdraw(item, by=person, reason=request.POST.get("reason", ""))
        else:
            raise Http404(name)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "member:initiative", "", code)
    if name == "withdraw":
        return redirect_after(
            request, "member:initiative", _("Đã bỏ bản nháp.") if is_draft else _("Đã rút hồ sơ."), code
        )
    return redirect_after(request, "member:sent", "", code)


@signed_in
@require_POST
def write_anew(request: HttpRequest, code: str) -> HttpResponse:
    """A second try with the words of the first."""
    item, person = own_or_404(request, code), desk.person_of(request)
    try:
        draft = second_tries.write_anew(item, by=person)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect_after(request, "member:initiative", "", code)
    done = _("Bản nháp mới đã có đủ nội dung của hồ sơ %(code)s: hãy sửa rồi gửi.") % {"code": code}
    return redirect_after(request, "member:write", done, draft.code, "y-tuong")


@signed_in
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """After filing: the code, who has it now, what happens next."""
    item = own_or_404(request, code)
    context = {
        "item": item,
        "standing": workflow.standing_of(item, for_author=True),
        "verdicts": tally_queries.simulate(item, desk.person_of(request)),
    }
    return answer(request, "member/dossiers/sent.html", context)


@signed_in
@require_POST
def confirm_share(request: HttpRequest, code: str) -> HttpResponse:
    """A co-author agrees with the share."""
    person = desk.person_of(request)
    shares.confirm(own_or_404(request, code).authorships.get(person=person), by=person)
    return redirect_after(request, "member:initiative", _("Đã xác nhận tỷ lệ đóng góp của bạn."), code)


@signed_in
@require_POST
def disclose(request: HttpRequest, code: str) -> HttpResponse:
    """An author chooses who may read it."""
    chosen = request.POST.get("disclosure", "")
    if chosen not in Disclosure.values:
        raise Http404(chosen)
    library.set_disclosure(own_or_404(request, code), chosen, by=desk.person_of(request))
    return redirect_after(request, "member:initiative", _("Đã lưu mức công khai."), code)


@signed_in
@require_POST
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Add files; those that cannot be taken are named, the others stay."""
    item, person = own_or_404(request, code), desk.person_of(request)
    kind = evidence.kind(request.POST.get("kind", ""))
    if kind is None:
        raise Http404(request.POST.get("kind", ""))
    before = item.attachments.count()
    given = [(kind.purpose, f) for f in request.FILES.getlist("file")]
    faults = uploads.attach_all(item, given, by=person, kind=kind.key)
    faults += kept.hand_over(request, code, item, by=person, kind=kind.key)
    has_more = item.attachments.count() > before
    for fault in faults or ([] if has_more else [_("Hãy chọn tệp.")]):
        messages.error(request, fault)
    return redirect_after(request, "member:write", _("Đã thêm tệp.") if has_more else "", code, "hieu-qua")


@signed_in
@require_POST
def detach(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = queries.attachments_of(own_or_404(request, code)).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    attachments.detach(found, by=desk.person_of(request))
    return redirect_after(request, "member:write", _("Đã bỏ tệp."), code, "hieu-qua")


paths = [
    path("sang-kien/", initiatives, name="initiatives"),
    path("sang-kien/<str:code>/", initiative, name="initiative"),
    path("sang-kien/<str:code>/buoc/", step, name="step"),
    path("sang-kien/<str:code>/viet-lai/", write_anew, name="write-anew"),
    path("sang-kien/<str:code>/da-gui/", sent, name="sent"),
    path("sang-kien/<str:code>/dong-y/", confirm_share, name="confirm-share"),
    path("sang-kien/<str:code>/cong-khai/", disclose, name="disclose"),
    path("sang-kien/<str:code>/tep/", attach, name="attach"),
    path("sang-kien/<str:code>/tep/<int:pk>/bo/", detach, name="detach"),
]
