"""Addresses of the frame."""

from django.urls import path
from django.views.i18n import set_language

from thidua.sites.shell import gallery, providers, second_step, security, sign_in, uploading, views
from thidua.sites.shell.access import public

app_name = "shell"
urlpatterns = [
    *sign_in.paths,
    *second_step.paths,
    *security.paths,
    *providers.paths,
    path("bat-dau/", views.home, name="home"),
    path("noi-lam-viec/", views.switch_desk, name="switch-desk"),
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/<int:pk>/", views.open_notice, name="notice"),
    path("ngon-ngu/", public(set_language), name="language"),
    path("suc-khoe/", views.health, name="health"),
    *uploading.paths,
    path("ui-components", gallery.components, name="components"),
    path("robots.txt", views.robots, name="robots"),
]
