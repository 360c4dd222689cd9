"""Anybody verifies a certificate."""

from django.urls import URLPattern

paths: list[URLPattern] = []
