"""The QR landing page: quick filing, with or without an account."""

from django.urls import URLPattern

paths: list[URLPattern] = []
