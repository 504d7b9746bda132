"""Page models of the home page and the editorial pages."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from fiches import content_language
from fiches.models.blocks import body_blocks
from fiches.models.fields import BodyField
from fiches.models.page_forms import AlternativeTextForm, FreeSlugForm
from fiches.models.panels import PROMOTE, picture_panel
from fiches.models.querysets import VisibleManager, VisibleQuerySet
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.routes import AddressablePage
from fiches.pages.picture_renditions import pictures_in, read_renditions
from home.models.reference import by_author
from home.page_contexts import grid_context, home_context, partners_context


class EditorialPage(RevisedWhenChanged, Page):
    """Base class of the site's own pages: an introduction and a body."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)
    corps = BodyField(body_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("corps")]
    promote_panels = [*PROMOTE, MultiFieldPanel([FieldPanel("show_in_menus")], _("Navigation"))]
    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("corps")]
    objects = VisibleManager()
    base_form_class = FreeSlugForm

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        read_renditions(getattr(self, "photo", None), *pictures_in(self.corps))
        return super().get_context(request, *args, **kwargs)


class HomePage(EditorialPage):
    """The home page: introduction, road, map, latest fiches."""

    action_libelle = models.CharField(_("label of the main action"), max_length=60, blank=True)
    action_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of the main action"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo_alt = models.CharField(_("alternative text of the picture"), max_length=250, blank=True)
    photo_decorative = models.BooleanField(_("the picture is decorative"), default=False)

    content_panels = [
        *EditorialPage.content_panels,
        MultiFieldPanel([FieldPanel("action_libelle"), FieldPanel("action_page")], _("Main action")),
        picture_panel("photo", _("Picture")),
    ]
    base_form_class = AlternativeTextForm
    template = "home/home_page.html"
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **home_context(self, request)}

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Raises Http404 in another language than the page's own: without an English home page, Wagtail would serve the French
        pages under ``/en/``."""
        if (
            content_language.is_multilingual()
            and content_language.language_of(self) != content_language.active_language()
        ):
            raise Http404
        return super().route(request, path_components)


class ContentPage(EditorialPage):
    """A page of text, for instance the legal notice."""

    template = "home/content_page.html"

    class Meta:
        verbose_name = _("page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        children = VisibleQuerySet(Page).child_of(self).visible().in_menu()
        return {**super().get_context(request, *args, **kwargs), "sous_pages": children}


class PartenairesPage(EditorialPage):
    """The partners, by role."""

    template = "home/partenaires_page.html"
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("partners page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **partners_context()}


class GrillePage(EditorialPage):
    """The grid explained: each criterion, its definition, its fiches."""

    template = "home/grille_page.html"
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("grid page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), **grid_context()}


class BibliographiePage(AddressablePage, EditorialPage):
    """The bibliography, also as files."""

    template = "home/bibliographie_page.html"
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = _("bibliography page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "references": by_author()}

    @path("bibliographie.<slug:extension>/", name="export")
    def export_route(self, request: HttpRequest, extension: str) -> HttpResponse:
        from home.reference_export import FORMATS, export

        if extension not in FORMATS:
            raise Http404
        return export(extension)
