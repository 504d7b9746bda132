"""The palmarès of an edition, its categories and nominations, and its scoring criteria."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from fiches.models import FichePage
from fiches.palmares import panels
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.querysets import PalmaresQuerySet
from fiches.territoire.gazetteer import fold

HIGHEST_SCALE = 10


class Palmares(ClusterableModel):
    """The prizes of one edition. `transitions` writes the fields that no form edits, and `embargo` ``diffuse_le``."""

    edition = models.OneToOneField(
        "rallynov_fiches.Edition", verbose_name=_("edition"), on_delete=models.PROTECT, related_name="palmares"
    )
    introduction = models.TextField(_("introduction"), blank=True, max_length=1200)
    note_maximale = models.PositiveSmallIntegerField(
        _("highest score"),
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(HIGHEST_SCALE)],
        help_text=_("Each criterion is scored from 0 to this."),
    )
    echelle = models.TextField(
        _("meaning of the scale"), blank=True, max_length=600, help_text=_("What 0 means, what the highest means.")
    )
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))
    etat = models.CharField(
        _("state"),
        max_length=12,
        choices=EtatDuPalmares.choices,
        default=EtatDuPalmares.PREPARATION,
        editable=False,
        db_index=True,
    )
    clos_le = models.DateTimeField(_("scoring closed"), null=True, editable=False)
    embargo = models.DateTimeField(_("results on"), null=True, editable=False, db_index=True)
    # When `embargo.settle` announced the end of the embargo to caches and the API.
    diffuse_le = models.DateTimeField(null=True, editable=False)

    objects = PalmaresQuerySet.as_manager()

    panels = panels.PALMARES

    @classproperty
    def base_form_class(cls) -> type:
        from fiches.palmares.forms import PalmaresForm

        return PalmaresForm

    class Meta:
        ordering = ["-edition__annee"]
        verbose_name = _("palmarès")
        verbose_name_plural = _("palmarès")
        permissions = [("decide_palmares", "Can close the scoring, read the ranking, decide and announce")]

    def __str__(self) -> str:
        return str(self.edition)

    @property
    def est_modifiable(self) -> bool:
        """Whether criteria, categories and nominations may change: not once the scoring is open."""
        return self.etat == EtatDuPalmares.PREPARATION

    @property
    def est_publie(self) -> bool:
        """Whether the results are public now."""
        return self.embargo is not None and self.embargo <= timezone.now()

    @property
    def est_sous_embargo(self) -> bool:
        return self.embargo is not None and not self.est_publie

    @property
    def situation(self) -> Any:
        """The state in words, with that of the results, which ``etat`` does not hold."""
        if self.est_sous_embargo:
            return _("under embargo")
        return _("results public") if self.est_publie else self.get_etat_display()


class CritereDeNotation(Orderable):
    """A criterion that jurors score, with its weight in the mean."""

    palmares = ParentalKey(Palmares, on_delete=models.CASCADE, related_name="criteres")
    nom = models.CharField(_("name"), max_length=80)
    definition = models.TextField(_("definition"), max_length=500, help_text=_("What jurors look at."))
    poids = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    panels = panels.CRITERE

    class Meta(Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")

    def __str__(self) -> Any:
        return self.nom


def category_slug(name: str) -> str:
    """Returns the slug of a category."""
    return slugify(fold(name))[:120] or "categorie"


class Categorie(ClusterableModel):
    """A category in which fiches are nominated."""

    palmares = models.ForeignKey(
        Palmares, verbose_name=_("palmarès"), on_delete=models.CASCADE, related_name="categories"
    )
    nom = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120, editable=False)
    description = models.TextField(_("description"), blank=True, max_length=600)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = panels.CATEGORIE

    @classproperty
    def base_form_class(cls) -> type:
        from fiches.palmares.forms import CategorieForm

        return CategorieForm

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["palmares", "slug"], name="palmares_categorie_once")]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        self.slug = category_slug(self.nom)
        others = Categorie.objects.filter(palmares=self.palmares_id, slug=self.slug).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError({"nom": _("There is such a category already.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or category_slug(self.nom)
        super().save(*args, **kwargs)


class Nomination(Orderable):
    """A fiche that competes in a category."""

    categorie = ParentalKey(Categorie, on_delete=models.CASCADE, related_name="nominations")
    fiche = models.ForeignKey(FichePage, verbose_name=_("fiche"), on_delete=models.CASCADE, related_name="nominations")

    panels = panels.NOMINATION
    wagtail_reference_index_ignore = True  # the usage list of a fiche would reveal its nominations to its editors

    class Meta(Orderable.Meta):
        verbose_name = _("nomination")
        constraints = [models.UniqueConstraint(fields=["categorie", "fiche"], name="palmares_nominated_once")]

    def __str__(self) -> Any:
        return str(self.fiche)

    def clean(self) -> None:
        """Refuses a new nomination of a fiche that is not visible to the public."""
        super().clean()
        known = self.pk and Nomination.objects.filter(pk=self.pk, fiche=self.fiche_id).exists()
        if self.fiche_id and not known and not FichePage.objects.visible().filter(pk=self.fiche_id).exists():
            raise ValidationError({"fiche": _("Only a fiche that is approved and online can be nominated.")})
