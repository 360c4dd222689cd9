"""Addresses of the member's pages."""

from thidua.sites.member import authors, dossiers, pages, people, versions, writing

app_name = "member"
urlpatterns = [*pages.paths, *authors.paths, *people.paths, *writing.paths, *versions.paths, *dossiers.paths]
