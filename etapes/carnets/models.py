"""Models of the road books: their pages and their sending by mail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.search import index

from etapes.carnets.blocks import carnet_blocks
from fiches.models.fields import BodyField
from fiches.models.page_forms import FreeSlugForm
from fiches.models.querysets import VisibleManager
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.routes import AddressablePage


class CarnetForm(FreeSlugForm):
    """Proposes the next number and the current month for a new road book."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and self.parent_page is not None:
            siblings = type(self.instance).objects.child_of(self.parent_page)
            last = siblings.aggregate(last=Max("numero"))["last"] or 0
            self.initial |= {"numero": last + 1, "date": timezone.localdate()}


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
        return {**super().get_context(request, *args, **kwargs), "imprimable": printed}


class Diffusion(models.Model):
    """The sending of a road book (there is only one), with its contents at the time of launch. ``autres_langues``:
    ``{language: {"html", "texte"}}``; ``destinataires``: how many subscribers it was written to."""

    carnet = models.OneToOneField(CarnetPage, on_delete=models.CASCADE, related_name="diffusion")
    objet = models.CharField(_("subject"), max_length=150)
    html = models.TextField()
    texte = models.TextField()
    autres_langues = models.JSONField(default=dict, editable=False)
    destinataires = models.PositiveIntegerField(default=0)
    lance_le = models.DateTimeField(_("launched"), default=timezone.now)
    lance_par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sending of a road book")
        verbose_name_plural = _("sendings of road books")

    def __str__(self) -> Any:
        return self.objet

    def in_language(self, langue: str) -> dict[str, str]:
        """Returns ``{"html", "texte"}`` in this language, or in the road book's own."""
        return self.autres_langues.get(langue, {"html": self.html, "texte": self.texte})
