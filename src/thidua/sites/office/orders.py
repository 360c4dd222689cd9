"""Orders of reorganisation: drawn up line by line, previewed, confirmed, undone; the ledger of changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import path
from django.utils.translation import gettext as _

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.documents.choices import Purpose
from thidua.documents.domain import files
from thidua.documents.models import StoredFile
from thidua.kernel import clock, paging
from thidua.kernel.verdicts import Refused
from thidua.ledger import queries as ledger
from thidua.orgs import history
from thidua.orgs.choices import Change
from thidua.orgs.models import Unit
from thidua.reorganisations import queries
from thidua.reorganisations.domain import drafting, orders
from thidua.reorganisations.forms import FORMS, LineForm, OrderForm
from thidua.reorganisations.models import Order
from thidua.reorganisations.workflow import WORKFLOW
from thidua.sites.office import suggestions
from thidua.sites.shell import desk
from thidua.sites.shell import files as shell_files
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after
from thidua.workflow.engine import take


def _order(request: HttpRequest, code: str) -> Order:
    order = queries.visible_to(desk.person_of(request)).filter(code=code).first()
    if order is None:
        raise Http404
    return order


@needs(Permission.UNIT_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Orders about the desk's unit and what is below it."""
    person, unit = desk.person_of(request), desk.unit_of(request)
    found = queries.visible_to(person).filter(unit__lft__gte=unit.lft, unit__lft__lte=unit.rgt)
    page = paging.page(found, ("-effective_on", "-id"), request.GET.get("cursor", ""))
    may_manage = grants.may(person, Permission.UNIT_MANAGE, unit)
    return answer(request, "office/orders/list.html", {"page": page, "unit": unit, "may_manage": may_manage})


@needs(Permission.UNIT_VIEW)
def changes(request: HttpRequest) -> HttpResponse:
    """The ledger of changes of the desk's unit and everything below it."""
    unit = desk.unit_of(request)
    page = paging.page(history.ledger_of(unit), ("-effective_on", "-id"), request.GET.get("cursor", ""), 40)
    return answer(request, "office/orders/changes.html", {"page": page, "unit": unit})


@needs(Permission.UNIT_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    unit, by = desk.unit_of(request), desk.person_of(request)
    form = OrderForm(request.POST or None, request.FILES or None, initial={"effective_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            fields = form.cleaned_data
            fields["file"] = _stored(fields.pop("file"), unit, request)
            order = drafting.draw_up(unit, by=by, **fields)
            return redirect_after(request, "office:order", "", order.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"form": form, "unit": unit}
    return answer(request, "office/orders/new.html", context, status=422 if request.method == "POST" else 200)


def _stored(given: Any, unit: Unit, request: HttpRequest) -> StoredFile | None:
    if not given:
        return None
    by = desk.person_of(request)
    return files.store(given.read(), given.name, purpose=Purpose.EVIDENCE, unit=unit, by=by)


@needs(Permission.UNIT_VIEW)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The order with its lines; ?xem-truoc shows what it does; ?loai= offers the form of a line."""
    order, person = _order(request, code), desk.person_of(request)
    is_draft = order.state == "draft" and bool(grants.may(person, Permission.UNIT_MANAGE, order.unit))
    kind = request.GET.get("loai", "")
    context = {
        **_context(request, order),
        "kind": kind,
        "form": _line_form(kind) if is_draft and kind in FORMS else None,
    }
    if is_draft and "xem-truoc" in request.GET:
        preview = orders.preview(order, by=person)
        names = drafting.names_of(order, [outcome.line for outcome in preview.outcomes])
        context |= {"preview": preview, "outcomes": list(zip(preview.outcomes, names, strict=True))}
    return answer(request, "office/orders/show.html", context)


def _line_form(kind: str, typed: QueryDict | None = None) -> LineForm:
    """The form of a line, its unit pickers asking for suggestions as one types."""
    form = FORMS[kind](typed)
    suggestions.offer(form)
    return form


def _context(request: HttpRequest, order: Order) -> dict[str, Any]:
    person = desk.person_of(request)
    may_manage = grants.may(person, Permission.UNIT_MANAGE, order.unit)
    lines = list(order.lines.all())
    return {
        "order": order,
        "lines": [(line, *names) for line, names in zip(lines, drafting.names_of(order, lines), strict=True)],
        "is_draft": order.state == "draft" and bool(may_manage),
        "is_future": order.effective_on > clock.today(),
        "kinds": Change.choices,
        "offers": orders.steps_of(order, person),
        "acts": ledger.timeline_of(order),
    }


@needs(Permission.UNIT_MANAGE)
def add_line(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    order, by = _order(request, code), desk.person_of(request)
    if kind not in FORMS or request.method != "POST":
        raise Http404
    form = _line_form(kind, request.POST)
    if form.is_valid():
        try:
            fields = form.line()
            if form.MANY:
                drafting.add_lines(order, kind, fields["unit_code"], by=by, to_code=fields["to_code"])
            else:
                drafting.add_line(order, kind, by=by, **fields)
            return redirect_after(request, "office:order", _("Đã thêm nội dung sắp xếp."), order.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {**_context(request, order), "kind": kind, "form": form}
    return answer(request, "office/orders/show.html", context, status=422)


@needs(Permission.UNIT_MANAGE)
def remove_line(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    order = _order(request, code)
    line = order.lines.filter(pk=pk).first()
    if line is None or request.method != "POST":
        raise Http404
    drafting.remove_line(line, by=desk.person_of(request))
    return redirect_after(request, "office:order", _("Đã bỏ nội dung sắp xếp."), order.code)


@needs(Permission.UNIT_MANAGE)
def amend(request: HttpRequest, code: str) -> HttpResponse:
    order, by = _order(request, code), desk.person_of(request)
    names = ("title", "decision_number", "decided_on", "effective_on", "keeps_posts", "note")
    initial = {name: getattr(order, name) for name in names}
    form = OrderForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            fields = form.cleaned_data
            file = _stored(fields.pop("file"), order.unit, request)
            drafting.amend(order, by=by, file=file, **fields)
            return redirect_after(request, "office:order", _("Đã lưu."), order.code)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"form": form, "unit": order.unit, "order": order}
    return answer(request, "office/orders/new.html", context, status=422 if request.method == "POST" else 200)


@needs(Permission.UNIT_MANAGE)
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm, take back, undo, discard."""
    order, by = _order(request, code), desk.person_of(request)
    name, reason = request.POST.get("step", ""), request.POST.get("reason", "")
    if name == "confirm":
        orders.confirm(order, by=by)
        done = _("Đã thực hiện quyết định.") if order.state == "applied" else _("Đã xác nhận, chờ ngày hiệu lực.")
        return redirect_after(request, "office:order", done, order.code)
    if name == "undo":
        orders.undo(order, by=by, reason=reason)
        return redirect_after(request, "office:order", _("Đã hoàn tác: mọi việc trở lại như trước."), order.code)
    if name in {"recall", "discard"}:
        take(WORKFLOW, name, order, by=by, reason=reason)
        return redirect_after(request, "office:orders" if name == "discard" else "office:order",
                              _("Đã xong."), *([] if name == "discard" else [order.code]))  # fmt: skip
    raise Http404


@needs(Permission.UNIT_VIEW)
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    order = _order(request, code)
    if order.file is None:
        raise Http404
    return shell_files.send(order.file, inline=True)


paths = [
    path("sap-xep/", index, name="orders"),
    path("sap-xep/moi/", new, name="order-new"),
    path("sap-xep/so-bien-dong/", changes, name="order-changes"),
    path("sap-xep/<slug:code>/", show, name="order"),
    path("sap-xep/<slug:code>/sua/", amend, name="order-amend"),
    path("sap-xep/<slug:code>/them/<slug:kind>/", add_line, name="order-line"),
    path("sap-xep/<slug:code>/bo/<int:pk>/", remove_line, name="order-line-remove"),
    path("sap-xep/<slug:code>/buoc/", step, name="order-step"),
    path("sap-xep/<slug:code>/tep/", file, name="order-file"),
]
