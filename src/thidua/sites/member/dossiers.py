"""Filing and following one's own initiatives."""

from django.urls import URLPattern

paths: list[URLPattern] = []
