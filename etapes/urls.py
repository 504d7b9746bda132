"""Addresses of `etapes`."""

urlpatterns: list = []
