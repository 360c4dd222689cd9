"""Units and people."""

from django.urls import URLPattern

paths: list[URLPattern] = []
