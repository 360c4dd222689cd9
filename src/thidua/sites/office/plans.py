"""Plans: read, confirm, cascade, issue."""

from django.urls import URLPattern

paths: list[URLPattern] = []
