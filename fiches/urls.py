"""Addresses of `fiches`."""

urlpatterns: list = []
