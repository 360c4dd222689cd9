"""The public library of initiatives."""

from django.urls import URLPattern

paths: list[URLPattern] = []
