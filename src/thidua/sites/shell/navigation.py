"""The menus, as data: what each shows is decided by permissions, never by templates."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thidua.access import grants
from thidua.access.permissions import Permission as Right


@dataclass(frozen=True)
class Item:
    """`pages`: how the URL names of the pages under it begin, where their addresses do not say so."""

    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[Right, ...] = ()
    pages: tuple[str, ...] = ()
    is_root: bool = False

    def holds(self, url: str, request: HttpRequest) -> bool:
        """Is the page being looked at this one or below it?"""
        if self.is_root:
            return request.path == url
        if request.path.startswith(url):
            return True
        match = request.resolver_match
        return bool(
            match and self.url_name.startswith(f"{match.namespace}:") and f"{match.url_name}".startswith(self.pages)
        )


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    icon: str
    is_current: bool


OFFICE = (
    Item(_("Việc cần làm"), "office:todo", "list-check", is_root=True),
    Item(_("Sáng kiến"), "office:initiatives", "bulb", (Right.INITIATIVE_VIEW,), ("dossier", "adopt", "scope")),
    Item(
        _("Chương trình & chỉ tiêu"),
        "office:programmes",
        "target",
        (Right.TARGET_VIEW,),
        ("plan", "target", "progress", "poster", "declar", "dut", "assignment", "movement", "registration"),
    ),
    Item(_("Báo cáo"), "office:reports", "report", (Right.REPORT_VIEW,), ("difficult",)),
    Item(_("Khen thưởng"), "office:awards", "award", (Right.AWARD_VIEW,), ("nomin", "certificate")),
    Item(
        _("Đoàn viên & đơn vị"),
        "office:units",
        "users",
        (Right.UNIT_VIEW,),
        (
            "unit",
            "person",
            "people",
            "account",
            "import",
            "duplicate",
            "outgoing",
            "post",
            "right",
            "why",
            "order",
            "kind",
            "cluster",
        ),
    ),
    Item(_("Tài liệu"), "office:papers", "file-text", (Right.PAPER_VIEW,)),
)
MEMBER = (
    Item(_("Trang chủ"), "member:home", "home", is_root=True),
    Item(_("Sáng kiến của tôi"), "member:initiatives", "bulb"),
    Item(_("Gửi sáng kiến"), "member:file", "plus"),
    Item(_("Thư viện"), "portal:library", "books"),
    Item(_("Cá nhân"), "member:profile", "user"),
)
PORTAL = (
    Item(_("Thư viện sáng kiến"), "portal:library", "books"),
    Item(_("Chương trình"), "portal:programmes", "target"),
    Item(_("Tra cứu giấy khen"), "portal:verify", "certificate"),
)


def links(request: HttpRequest, items: tuple[Item, ...]) -> list[Link]:
    """The items this visitor may open, the one being looked at marked."""
    person = getattr(request.user, "person", None)
    found = []
    for item in items:
        if item.permissions and not (person and any(grants.holds(person, p) for p in item.permissions)):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        found.append(Link(item.label, url, item.icon, item.holds(url, request)))
    return found
