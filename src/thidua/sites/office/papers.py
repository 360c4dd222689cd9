"""Issued papers of the unit."""

from django.urls import URLPattern

paths: list[URLPattern] = []
