"""Addresses of `search`."""

urlpatterns: list = []
