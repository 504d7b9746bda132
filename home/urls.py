"""URLs of the site that are not pages."""

from django.urls import path

from home import contact
from home.page_contexts import sitemap_page

urlpatterns = [
    path("plan-du-site/", sitemap_page, name="plan_du_site"),
    path("contact/", contact.contact, name="contact"),
    path("contact/merci/", contact.thanks, name="contact_merci"),
    path("contact/<slug:slug>/", contact.write_to_bearer, name="ecrire_au_porteur"),
]
