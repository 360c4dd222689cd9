"""Addresses anybody may open."""

from thidua.sites.portal import filing, kiosk, library, pages, verification

app_name = "portal"
urlpatterns = [*pages.paths, *library.paths, *verification.paths, *filing.paths, *kiosk.paths]
