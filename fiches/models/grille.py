"""The grid that characterises an innovation: dimensions, and the criteria of each; keywords and editions."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase, TagBase
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable
from wagtail.search import index

from fiches.models.revisions import ChildRow
from fiches.publications.version import memoize

# Parameters of the query language (DESIGN 5): a dimension can't have one of them as its slug.
RESERVED_PARAMETERS = frozenset(
    {
        *("q", "departement", "commune", "sphere", "statut", "effectif", "edition", "prime", "mot-cle", "partenaire"),
        *("etape", "bbox", "autour", "rayon", "depuis", "tri", "page", "par_page", "format", "langue"),
        *("id", "uid", "exemple", "champs", "curseur"),
    }
)


class Dimension(index.Indexed, ClusterableModel):
    """A dimension of the grid, such as « centrée sur ». Its slug is a parameter of the query language."""

    nom = models.CharField(_("name"), max_length=80, unique=True, help_text=_("As it reads before its criteria."))
    slug = models.SlugField(
        _("address name"), max_length=80, unique=True, help_text=_("Names this dimension in addresses and exports.")
    )
    ordre = models.PositiveSmallIntegerField(_("order"), default=0)
    definition = models.TextField(_("definition"), blank=True)

    panels = [
        FieldPanel("nom"),
        FieldPanel("slug"),
        FieldPanel("ordre"),
        FieldPanel("definition"),
        InlinePanel("criteres", heading=_("criteria"), label=_("criterion")),
    ]
    search_fields = [index.SearchField("nom"), index.AutocompleteField("nom")]

    class Meta:
        ordering = ["ordre", "pk"]
        verbose_name = _("dimension of the grid")
        verbose_name_plural = _("grid")

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_PARAMETERS:
            raise ValidationError({"slug": _("“%(slug)s” already has a meaning in addresses.") % {"slug": self.slug}})


class Critere(Orderable, TagBase):
    """A criterion of a dimension, such as « entreprise ». Only the staff create criteria."""

    free_tagging = False

    dimension = ParentalKey(Dimension, on_delete=models.CASCADE, related_name="criteres", verbose_name=_("dimension"))
    definition = models.TextField(_("definition"), blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("definition", help_text=_("What it means, then an example. Applicants read both when they tick.")),
    ]

    class Meta(Orderable.Meta):
        ordering = ["dimension__ordre", "dimension", "sort_order", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")


class MotCle(TagBase):
    """A free keyword."""

    free_tagging = True

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")


class FicheCritere(ChildRow, ItemBase):
    """A criterion that a fiche meets."""

    tag = models.ForeignKey(Critere, on_delete=models.CASCADE, related_name="fiche_criteres")
    content_object = ParentalKey("rallynov_fiches.FichePage", on_delete=models.CASCADE, related_name="fiche_criteres")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="fiches_critere_once")]


class FicheMotCle(ChildRow, ItemBase):
    """A keyword that a fiche carries."""

    tag = models.ForeignKey(MotCle, on_delete=models.CASCADE, related_name="fiche_mots_cles")
    content_object = ParentalKey("rallynov_fiches.FichePage", on_delete=models.CASCADE, related_name="fiche_mots_cles")


class Edition(models.Model):
    """One year of the hunt; fiches, étapes and prizes belong to it."""

    annee = models.PositiveSmallIntegerField(_("year"), unique=True)
    nom = models.CharField(_("name"), max_length=120, blank=True)
    cloture = models.CharField(
        _("closing event"), max_length=120, blank=True, help_text=_("In words, as announced: “autumn 2013”.")
    )

    panels = [FieldPanel("annee"), FieldPanel("nom"), FieldPanel("cloture")]

    class Meta:
        ordering = ["-annee"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.nom or str(self.annee)


def characterise(*, met: set[int]) -> list[Any]:
    """The whole grid: each dimension with all its criteria, and which of them a fiche meets. No query: the grid is memoized.

    :param met: keys of the criteria that the fiche meets.
    :returns: ``[{"dimension": Dimension, "criteres": [{"critere": Critere, "retenu": bool}]}]``
    """
    grid = memoize("grille", lambda: list(Critere.objects.select_related("dimension")), shared=True)
    return [
        {"dimension": dimension, "criteres": [{"critere": each, "retenu": each.pk in met} for each in criteria]}
        for dimension, criteria in groupby(grid, key=attrgetter("dimension"))
    ]


def grid_address(request: HttpRequest) -> str:
    """The address of the page that explains the grid, from the hooks ``grid_address(request)``; ``""`` if there is none."""
    return next(filter(None, (address(request) for address in hooks.get_hooks("grid_address"))), "")
