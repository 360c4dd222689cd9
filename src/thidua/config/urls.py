"""Where each face of the site lives."""

from django.urls import include, path

urlpatterns = [
    path("", include("thidua.sites.shell.urls")),
    path("", include("thidua.sites.portal.urls")),
    path("toi/", include("thidua.sites.member.urls")),
    path("van-phong/", include("thidua.sites.office.urls")),
]

handler400 = "thidua.sites.shell.faults.bad_request"
