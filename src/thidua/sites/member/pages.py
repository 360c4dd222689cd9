"""The member's own pages: home, profile."""

from django.urls import URLPattern

paths: list[URLPattern] = []
