"""Addresses of the member's pages."""

from thidua.sites.member import authors, counting, dossiers, pages, people, printing, profile, versions, writing

app_name = "member"
urlpatterns = [
    *pages.paths,
    *profile.paths,
    *authors.paths,
    *people.paths,
    *counting.paths,
    *writing.paths,
    *printing.paths,
    *versions.paths,
    *dossiers.paths,
]
