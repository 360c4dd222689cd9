"""Programmes as an officer sees them."""

from django.urls import URLPattern

paths: list[URLPattern] = []
