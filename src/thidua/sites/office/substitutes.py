"""Who fills in for whom while a holder of a post is away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thidua.access.roles import ROLES
from thidua.appointments import queries
from thidua.appointments.domain import substitutes
from thidua.appointments.forms import SubstituteForm
from thidua.kernel import clock
from thidua.kernel.verdicts import Refused
from thidua.people import queries as people_queries
from thidua.people.models import Post
from thidua.sites.office import suggestions
from thidua.sites.shell import desk
from thidua.sites.shell.access import fully_signed_in
from thidua.sites.shell.answers import answer, redirect_after


def _named(posts: list[Post]) -> list[Post]:
    for post in posts:
        post.role_label = ROLES[post.role].label  # type: ignore[attr-defined]
    return [post for post in posts if post.role in ROLES]


@fully_signed_in
def index(request: HttpRequest) -> HttpResponse:
    """One's own posts, each with who fills in."""
    person = desk.person_of(request)
    own = [post for post in people_queries.posts_of(person) if not hasattr(post, "stands_in")]
    context = {"posts": _named(own), "stand_ins": _named(list(queries.stand_ins_for(person)))}
    return answer(request, "office/posts/substitutes.html", context)


@fully_signed_in
def send(request: HttpRequest, pk: int) -> HttpResponse:
    person = desk.person_of(request)
    post = queries.fillable_by(person).filter(pk=pk).first()
    if post is None:
        raise Http404(str(pk))
    form = SubstituteForm(request.POST or None, initial={"since": clock.today()})
    suggestions.offer(form)
    if request.method == "POST" and form.is_valid():
        try:
            substitutes.send(post, by=person, **form.cleaned_data)
            return _back(request, post, _("Đã cử người thay; quyền tự hết vào ngày cuối."))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"post": post, "form": form, "unit": post.unit, "role": ROLES[post.role], "own": post.person == person}
    return answer(request, "office/posts/substitute.html", context, status=422 if request.method == "POST" else 200)


@fully_signed_in
@require_POST
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The holder is back."""
    person = desk.person_of(request)
    stand_in = Post.objects.filter(pk=pk, stands_in__absent__in=queries.fillable_by(person)).first()
    if stand_in is None:
        raise Http404(str(pk))
    absent = stand_in.stands_in.absent
    substitutes.call_back(stand_in, by=person)
    return _back(request, absent, _("Đã kết thúc việc làm thay."))


def _back(request: HttpRequest, post: Post, told: str) -> HttpResponse:
    """To one's own posts, or to the list of the unit one manages."""
    if post.person == desk.person_of(request):
        return redirect_after(request, "office:substitutes", told)
    return redirect_after(request, "office:posts", told, post.unit.code)


paths = [
    path("chuc-danh/lam-thay/", index, name="substitutes"),
    path("chuc-danh/<int:pk>/cu-nguoi-thay/", send, name="post-substitute"),
    path("chuc-danh/<int:pk>/het-thay/", call_back, name="substitute-end"),
]
