"""Inbox and dossiers of initiatives."""

from django.urls import URLPattern

paths: list[URLPattern] = []
