"""Addresses of the member's pages."""

from thidua.sites.member import authors, dossiers, pages, writing

app_name = "member"
urlpatterns = [*pages.paths, *authors.paths, *writing.paths, *dossiers.paths]
