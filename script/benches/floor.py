"""The least a Django page that lists 25 rows can cost: two queries and a template, nothing of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse  # noqa: TID251 - this is a page
from django.template import Context, Engine
from django.urls import path

from thidua.initiatives.models import Initiative

PAGE = Engine().from_string(
    """<!doctype html><html lang="vi"><head><title>{{ how_many }}</title></head><body><h1>{{ how_many }}</h1><table>
{% for row in rows %}<tr><td>{{ row.code }}</td><td>{{ row.title }}</td><td>{{ row.state }}</td>
<td>{{ row.filed_on|date:"d/m/Y" }}</td></tr>{% endfor %}</table></body></html>"""
)


def page(request: HttpRequest) -> HttpResponse:
    rows = Initiative.objects.order_by("-pk")[:25]
    how_many = Initiative.objects.order_by("-pk")[:1000].count()
    return HttpResponse(PAGE.render(Context({"rows": rows, "how_many": how_many})))


urlpatterns = [path("", page)]
