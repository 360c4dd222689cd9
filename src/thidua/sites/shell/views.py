"""Home, desk, notices, health."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from thidua.notify import outbox
from thidua.sites.shell import desk, destinations
from thidua.sites.shell.access import public, signed_in
from thidua.sites.shell.answers import answer, redirect_after


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """After signing in: officers to their desk, members to their own page."""
    return redirect("office:todo" if desk.is_officer(desk.person_of(request)) else "member:home")


@signed_in
@require_POST
def switch_desk(request: HttpRequest) -> HttpResponse:
    """Work at one of one's own posts, or at all of them."""
    chosen = request.POST.get("post", "")
    if not chosen:
        request.session.pop(desk.KEY, None)
    elif any(str(post.post_id) == chosen for post in desk.posts(desk.person_of(request))):
        request.session[desk.KEY] = int(chosen)
    return redirect("office:todo")


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox of notices; opening one marks it read."""
    person = desk.person_of(request)
    if request.method == "POST":
        outbox.mark_read(person)
        return redirect_after(request, "shell:notices")
    found = [(notice, destinations.url_of(notice)) for notice in outbox.inbox(person)[:100]]
    frame = "shell/office.html" if desk.is_officer(person) else "shell/member.html"
    return answer(request, "shell/notices.html", {"notices": found, "frame": frame})


@signed_in
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    person = desk.person_of(request)
    notice = outbox.inbox(person).filter(pk=pk).first()
    if notice is None:
        return redirect("shell:notices")
    outbox.mark_read(person, pk=pk)
    url = destinations.url_of(notice)
    return redirect(url if url_has_allowed_host_and_scheme(url, None) else "shell:notices")


@public
@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """For a monitor: does the database answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@public
@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /toi/\nDisallow: /van-phong/\n", content_type="text/plain")
