"""How a unit receives: its reasons kept ready, and who stands in for whom."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thidua.access import grants
from thidua.access.permissions import Permission
from thidua.access.roles import ROLES
from thidua.initiatives.choices import CannedFor
from thidua.initiatives.domain import canned, substitutes
from thidua.initiatives.forms import DayField
from thidua.initiatives.models import Substitution
from thidua.kernel import clock, text
from thidua.kernel.verdicts import Forbidden, Refused
from thidua.orgs.models import Unit
from thidua.people import queries as people_queries
from thidua.people.models import Person, Post
from thidua.sites.shell import desk
from thidua.sites.shell.access import needs
from thidua.sites.shell.answers import answer, redirect_after


def _unit(request: HttpRequest) -> Unit:
    """The desk's unit, where the person receives."""
    unit = desk.unit_of(request)
    grants.may(desk.person_of(request), Permission.INITIATIVE_RECEIVE, unit).or_refuse(forbidden=True)
    return unit


@needs(Permission.INITIATIVE_RECEIVE)
def reasons(request: HttpRequest) -> HttpResponse:
    """One reason a line; an empty box uses the reasons of the unit above."""
    unit, person, faults = _unit(request), desk.person_of(request), {}
    own = {step: "\n".join(lines) for step, lines in canned.own(unit).items()}
    if request.method == "POST":
        own = {step.value: request.POST.get(step, "") for step in CannedFor}
        for step in CannedFor:
            try:
                canned.write(unit, step, own[step].splitlines(), by=person)
            except Forbidden:
                raise
            except Refused as refused:
                faults[step.value] = refused.sentence
        if not faults:
            return redirect_after(request, "office:canned-reasons", _("Đã lưu lý do mẫu."))
    used = canned.reasons_for(unit)
    boxes = [(s.value, s.label, own[s.value], faults.get(s.value, ""), used[s.value]) for s in CannedFor]
    context = {"unit": unit, "boxes": boxes}
    return answer(request, "office/dossiers/reasons.html", context, status=422 if faults else 200)


class SubstituteForm(forms.Form):
    """Which post, who, from when to when."""

    post = forms.ChoiceField(label=gettext_lazy("Chức danh cần người làm thay"))
    substitute = forms.ChoiceField(
        label=gettext_lazy("Người làm thay"), error_messages={"required": gettext_lazy("Hãy chọn người làm thay.")}
    )
    since = DayField(label=gettext_lazy("Từ ngày"))
    until = DayField(label=gettext_lazy("Đến hết ngày"))
    reason = forms.CharField(label=gettext_lazy("Lý do"), required=False, max_length=200)

    @classmethod
    def over(cls, request: HttpRequest, posts: dict[str, Post], people: dict[str, Person]) -> SubstituteForm:
        """Searching for a person keeps what was typed and checks nothing."""
        is_sent = request.method == "POST" and "find" not in request.POST
        form = cls(request.POST) if is_sent else cls(initial=request.POST.dict())
        named = [("", "–"), *((k, f"{p.full_name} ({p.job_title or p.code})") for k, p in people.items())]
        held = [(k, f"{ROLES[p.role].label} – {p.person.full_name}") for k, p in posts.items()]
        for name, choices in (("post", held), ("substitute", named)):
            field = form.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        return form


def _posts(person: Person, unit: Unit) -> list[Post]:
    """Posts one may hand over at a unit: one's own; all of them for whoever gives posts there."""
    rows = Post.objects.filter(unit=unit, valid__contains=clock.today(), substitution=None).select_related("person")
    if not grants.may(person, Permission.POST_GRANT, unit):
        rows = rows.filter(person=person)
    return [p for p in rows.order_by("pk") if p.role in ROLES]


@needs(Permission.INITIATIVE_RECEIVE, Permission.POST_GRANT)
def replacing(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom at the desk's unit, and a form for one more."""
    unit, person = desk.unit_of(request), desk.person_of(request)
    posts = {str(p.pk): p for p in _posts(person, unit)}
    words = text.tidy(request.POST.get("q", ""))
    roster = people_queries.roster(unit)
    people = (
        list(people_queries.search(roster, words).order_by("sort_key")[:20])
        if words
        else list(roster.order_by("sort_key")[:50])
    )
    listed = {str(p.pk): p for p in people}
    form = SubstituteForm.over(request, posts, listed)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            substitutes.make(
                posts[given["post"]],
                listed[given["substitute"]],
                since=given["since"],
                until=given["until"],
                by=person,
                reason=given["reason"],
            )
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect_after(request, "office:substitutes", _("Đã giao người làm thay và báo cho họ."))
    context = {"unit": unit, "form": form, "posts": posts, "words": words, "rows": _shown(unit, person)}
    return answer(request, "office/dossiers/substitutes.html", context, status=422 if form.errors else 200)


def _shown(unit: Unit, person: Person) -> list[tuple[Substitution, str, bool]]:
    gives = bool(grants.may(person, Permission.POST_GRANT, unit))
    rows = substitutes.current(unit)
    return [(s, str(ROLES[s.post.role].label), gives or s.absent_id == person.pk) for s in rows]


@needs(Permission.INITIATIVE_RECEIVE, Permission.POST_GRANT)
@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer is back."""
    found = substitutes.current(desk.unit_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    substitutes.end(found, by=desk.person_of(request))
    return redirect_after(request, "office:substitutes", _("Đã kết thúc việc làm thay."))


paths = [
    path("sang-kien/ly-do-mau/", reasons, name="canned-reasons"),
    path("sang-kien/lam-thay/", replacing, name="substitutes"),
    path("sang-kien/lam-thay/<int:pk>/het/", returned, name="substitute-end"),
]
