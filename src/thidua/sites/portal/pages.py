"""Public home and programme pages."""

from django.urls import URLPattern

paths: list[URLPattern] = []
