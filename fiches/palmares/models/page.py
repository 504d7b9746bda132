"""The public page of the palmarès."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path
from wagtail.models import Page
from wagtail.search import index

from fiches.models.querysets import VisibleManager
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.routes import AddressablePage
from fiches.palmares import panels
from fiches.palmares.listing import edition_context, edition_paths, latest, palmares_of_year

if TYPE_CHECKING:
    from fiches.palmares.models import Palmares


class PalmaresPage(RevisedWhenChanged, AddressablePage, Page):
    """Shows the latest edition that has results at its own address, and each edition at `<year>/`."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = panels.PAGE
    subpage_types: list[str] = []
    template = "palmares/palmares_page.html"
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    objects = VisibleManager()

    class Meta:
        verbose_name = _("palmarès page")

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        [own] = super().get_sitemap_urls(request)
        return [own, *({"location": f"{own['location']}{rest}"} for rest in edition_paths())]

    @path("", name="palmares")
    def latest_route(self, request: HttpRequest) -> HttpResponse:
        return self.edition(request, latest())

    @path("<int:annee>/", name="edition")
    def edition_route(self, request: HttpRequest, annee: int) -> HttpResponse:
        palmares = palmares_of_year(annee)
        if palmares is None:
            raise Http404
        return self.edition(request, palmares)

    def edition(self, request: HttpRequest, palmares: "Palmares | None") -> Any:
        return self.render(request, context_overrides=edition_context(self, palmares))
