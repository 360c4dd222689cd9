"""Nominations, decisions, certificates."""

from django.urls import URLPattern

paths: list[URLPattern] = []
