"""The road books: what happened, told from the fiches and the étapes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.search import index

from etapes.models import EtapePage
from fiches.blocks import Citation, Document, Galerie, Illustration, Texte
from fiches.fields import BodyField
from fiches.models import FichePage
from fiches.querysets import VisibleManager


def still_visible(pages, model):
    """Those of the chosen ``pages`` that the public may see now, in their order, ready for cards."""
    chosen = [page.pk for page in pages if page]
    found = model.objects.visible().for_cards().in_bulk(chosen)
    return [found[pk] for pk in chosen if pk in found]


class CarnetDeFiches(blocks.StructBlock):
    """Fiches pulled into the carnet, as they stand when it is read."""

    titre = blocks.CharBlock(label=_("title"), required=False, max_length=120)
    fiches = blocks.ListBlock(blocks.PageChooserBlock(page_type="fiches.FichePage", label=_("fiche")), min_num=1)

    class Meta:
        icon = "doc-full"
        label = _("fiches")
        template = "carnets/blocks/fiches.html"

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        return {**context, "fiches": still_visible(value["fiches"], FichePage)}


class CarnetDEtapes(blocks.StructBlock):
    """Étapes pulled into the carnet."""

    titre = blocks.CharBlock(label=_("title"), required=False, max_length=120)
    etapes = blocks.ListBlock(blocks.PageChooserBlock(page_type="etapes.EtapePage", label=_("étape")), min_num=1)

    class Meta:
        icon = "site"
        label = _("étapes")
        template = "carnets/blocks/etapes.html"

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        return {**context, "etapes": still_visible(value["etapes"], EtapePage)}


def carnet_blocks():
    return [
        ("titre", blocks.CharBlock(label=_("heading"), max_length=120, template="carnets/blocks/titre.html")),
        ("texte", Texte()),
        ("citation", Citation()),
        ("image", Illustration()),
        ("galerie", Galerie()),
        ("fiches", CarnetDeFiches()),
        ("etapes", CarnetDEtapes()),
        ("document", Document()),
    ]


class CarnetIndexPage(Page):
    """The archive of the road books, at ``/carnets/``."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types = ["carnets.CarnetPage"]
    max_count = 1
    template = "carnets/carnet_index_page.html"
    objects = VisibleManager()

    class Meta:
        verbose_name = _("list of the road books")

    def get_context(self, request, *args, **kwargs):
        carnets = CarnetPage.objects.child_of(self).visible().order_by("-date", "-pk")
        return {**super().get_context(request, *args, **kwargs), "carnets": list(carnets)}


class CarnetPage(Page):
    """One issue."""

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
    parent_page_types = ["carnets.CarnetIndexPage"]
    subpage_types = []
    template = "carnets/carnet_page.html"
    search_fields = Page.search_fields + [index.SearchField("chapo"), index.SearchField("corps")]
    objects = VisibleManager()

    class Meta:
        verbose_name = _("road book")
        verbose_name_plural = _("road books")
