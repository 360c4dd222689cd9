"""Addresses of the member's pages."""

from thidua.sites.member import dossiers, pages

app_name = "member"
urlpatterns = [*pages.paths, *dossiers.paths]
