"""Which page shows the record a notice speaks of."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from thidua.notify.models import Notice

_PAGES = {
    "initiatives.initiative": ("office:dossier", "member:initiative"),
    "review.council": ("office:council", "office:council"),
    "review.session": ("office:session", "office:session"),
    "programmes.plan": ("office:plan", "office:plan"),
    "programmes.assignment": ("office:assignment", "office:assignment"),
    "programmes.programme": ("office:programme", "portal:programme"),
    "reports.report": ("office:report", "office:report"),
    "reports.reportrequest": ("office:reports", "office:reports"),
    "reports.difficulty": ("office:difficulties", "office:difficulties"),
    "exchange.outgoingfile": ("office:outgoing", "office:outgoing"),
    "search.savedsearch": ("portal:search-again", "portal:search-again"),
    "awards.nomination": ("office:nomination", "office:nomination"),
    "awards.certificate": ("portal:certificate", "portal:certificate"),
}
# Who is asked for something is led to where it is answered.
_BY_KIND = {"initiatives.first_use.asked": "member:first-use"}


def url_of(notice: Notice) -> str:
    """'' when there is no page. Authors are sent to their own page, the office to the office's."""
    office, own = _PAGES.get(notice.subject_type, ("", ""))
    name = _BY_KIND.get(notice.kind) or (own if notice.kind.endswith("author") else office)
    for arguments in ([notice.subject_code], []):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return ""
