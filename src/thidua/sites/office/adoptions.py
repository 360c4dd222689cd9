"""Adopting published initiatives and reporting the effect."""

from django.urls import URLPattern

paths: list[URLPattern] = []
