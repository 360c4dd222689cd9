"""Report requests, reports, merging."""

from django.urls import URLPattern

paths: list[URLPattern] = []
