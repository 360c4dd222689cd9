"""Authors and their shares: find a co-author on the roster, add up to one hundred."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from thidua.initiatives import rules
from thidua.initiatives.domain import dossiers as verbs
from thidua.initiatives.forms import AuthorSheet
from thidua.kernel.verdicts import Refused
from thidua.sites.member.dossiers import own_or_404
from thidua.sites.member.screens import screens
from thidua.sites.shell import desk
from thidua.sites.shell.access import signed_in
from thidua.sites.shell.answers import answer, redirect_after


@signed_in
def authors(request: HttpRequest, code: str) -> HttpResponse:
    """The screen of authors and shares; only «save» writes."""
    item, person = own_or_404(request, code), desk.person_of(request)
    verdict = rules.may_write(person, item)
    if not verdict:
        messages.error(request, verdict.sentence)
        return redirect_after(request, "member:initiative", "", code)
    sheet = AuthorSheet(item, request.POST if request.method == "POST" else None)
    if "save" in request.POST and (values := sheet.values()) is not None and not sheet.fault:
        try:
            verbs.share_out(item, values, by=person)
        except Refused as refused:
            sheet.fault = refused.sentence
        else:
            if request.POST["save"] == "stop":
                return redirect_after(request, "member:initiative", _("Đã lưu tác giả."), code)
            return redirect_after(request, "member:people", _("Đã lưu tác giả."), code)
    context = {
        "item": item,
        "sheet": sheet,
        "objections": [a for a in item.authorships.all() if a.objection],
        **screens("tac-gia"),
    }
    return answer(request, "member/writing/authors.html", context, status=422 if sheet.fault else 200)


paths = [path("sang-kien/<str:code>/viet/tac-gia/", authors, name="authors")]
