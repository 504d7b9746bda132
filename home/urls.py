"""URLs of the site that are not pages."""

from django.urls import path

from home import views

urlpatterns = [
    path("plan-du-site/", views.sitemap_page, name="plan_du_site"),
    path("presse/", views.press_page, name="presse"),
]
