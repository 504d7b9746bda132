"""Page models of the road books."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.search import index

from etapes.carnets.blocks import carnet_blocks
from etapes.carnets.forms import CarnetForm
from etapes.carnets.heading_levels import of_stream
from fiches.models.fields import BodyField
from fiches.models.querysets import VisibleManager
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.routes import AddressablePage


class CarnetIndexPage(RevisedWhenChanged, AddressablePage, Page):
    """The list of the road books, at ``/carnets/``."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["rallynov_carnets.CarnetPage"]
    template = "carnets/carnet_index_page.html"
    objects = VisibleManager()

    class Meta:
        verbose_name = _("list of the road books")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        carnets = CarnetPage.objects.child_of(self).registered().visible().order_by("-date", "-pk")
        mailed = hasattr(self, "route_abonnement")  # where `fiches.diffusion` is installed
        return {**super().get_context(request, *args, **kwargs), "carnets": list(carnets), "par_courriel": mailed}


class CarnetPage(RevisedWhenChanged, AddressablePage, Page):
    """One road book: a page, a mail and a leaflet."""

    numero = models.PositiveSmallIntegerField(_("number"))
    date = models.DateField(_("date"), help_text=_("Only its month is shown."))
    chapo = models.TextField(_("introduction"), max_length=600, blank=True)
    corps = BodyField(carnet_blocks(), verbose_name=_("text"), blank=True)
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("numero"), FieldPanel("date")]),
        FieldPanel("chapo"),
        FieldPanel("corps"),
    ]
    parent_page_types = ["rallynov_carnets.CarnetIndexPage"]
    subpage_types: list[str] = []
    base_form_class = CarnetForm
    template = "carnets/carnet_page.html"
    search_fields = Page.search_fields + [index.SearchField("chapo"), index.SearchField("corps")]
    objects = VisibleManager()

    class Meta:
        verbose_name = _("road book")
        verbose_name_plural = _("road books")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        printed = hasattr(self, "route_pdf")  # where `fiches.diffusion` and its PDF are installed
        return {**super().get_context(request, *args, **kwargs), "imprimable": printed, "blocs": of_stream(self.corps)}
