"""Addresses of `fiches`."""

from django.urls import path

from fiches import views_territoire

urlpatterns = [
    path("communes.json", views_territoire.communes, name="communes"),
]
