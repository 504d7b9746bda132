"""Models of the palmarès: an edition's criteria, categories and nominations; jurors and their scores; decisions and prizes; the public
page."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import Orderable, Page
from wagtail.search import index

from fiches.admin.choosers import ApprovedFicheChooser
from fiches.models import FichePage
from fiches.models.querysets import VisibleManager
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.routes import AddressablePage
from fiches.palmares.listing import edition_context, edition_paths, latest, palmares_of_year
from fiches.territoire.gazetteer import fold


class EtatDuPalmares(models.TextChoices):
    """The states of a palmarès, in order; it never goes back (see `transitions`)."""

    PREPARATION = "preparation", _("in preparation")
    NOTATION = "notation", _("scoring open")
    CLOSE = "close", _("scoring closed")


class Rang(models.IntegerChoices):
    """The prizes. Two fiches may get the same one, in case of a tie."""

    PREMIER = 1, _("First prize")
    DEUXIEME = 2, _("Second prize")
    TROISIEME = 3, _("Third prize")
    MENTION = 9, _("Special mention")


class PalmaresQuerySet(QuerySet):
    def shown(self) -> QuerySet:
        """Those whose scoring was opened: jury, categories and criteria are public, but not yet the results."""
        return self.exclude(etat=EtatDuPalmares.PREPARATION)


class PrixQuerySet(QuerySet):
    def in_force(self) -> QuerySet:
        """Those of the decision in force on each category, in the order of display."""
        order = ("decision__categorie__sort_order", "decision__categorie_id", "rang", "pk")
        return self.filter(decision__en_vigueur=True).with_ties().order_by(*order)

    def with_ties(self) -> "PrixQuerySet":
        """Annotates ``est_ex_aequo``: whether the decision gives another fiche the same prize."""
        others = self.model._default_manager.filter(decision=OuterRef("decision"), rang=OuterRef("rang"))
        return self.annotate(est_ex_aequo=Exists(others.exclude(pk=OuterRef("pk")).order_by()))

    def announced(self, now: datetime | None = None) -> QuerySet:
        """Those in force whose embargo has ended, even if their fiche is not visible."""
        return self.in_force().filter(decision__categorie__palmares__embargo__lte=now or timezone.now())

    def public(self, now: datetime | None = None) -> QuerySet:
        """Those that the public may see: in force, embargo ended, of a visible fiche."""
        now = now or timezone.now()
        # A correlated subquery: there are far fewer prizes than visible fiches.
        visible = Exists(FichePage.objects.visible(now).filter(pk=OuterRef("nomination__fiche_id")))
        return self.announced(now).filter(visible)


class Palmares(ClusterableModel):
    """The prizes of one edition. `transitions` writes the fields that no form edits."""

    edition = models.OneToOneField(
        "rallynov_fiches.Edition", verbose_name=_("edition"), on_delete=models.PROTECT, related_name="palmares"
    )
    introduction = models.TextField(_("introduction"), blank=True, max_length=1200)
    note_maximale = models.PositiveSmallIntegerField(
        _("highest score"),
        default=5,
        validators=[MinValueValidator(2), MaxValueValidator(10)],
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
    # When `transitions.settle` announced the end of the embargo to caches and the API.
    diffuse_le = models.DateTimeField(null=True, editable=False)

    objects = PalmaresQuerySet.as_manager()

    panels = [
        FieldPanel("edition"),
        FieldPanel("introduction"),
        MultiFieldPanel([FieldPanel("note_maximale"), FieldPanel("echelle")], _("Scale")),
        InlinePanel("criteres", heading=_("Scoring criteria"), label=_("criterion"), min_num=1),
        FieldPanel("exemple"),
    ]

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

    panels = [FieldRowPanel([FieldPanel("nom"), FieldPanel("poids")]), FieldPanel("definition")]

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

    panels = [
        FieldPanel("nom"),
        FieldPanel("description"),
        FieldPanel("sort_order"),
        MultipleChooserPanel(
            "nominations",
            chooser_field_name="fiche",
            heading=_("Nominated fiches"),
            label=_("fiche"),
            help_text=_("Several can be chosen at once. Only fiches that are approved and online are offered."),
        ),
    ]

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

    panels = [FieldPanel("fiche", widget=ApprovedFicheChooser)]
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


class Decision(models.Model):
    """A decision on one category. Never changed: a later one replaces it, and both are kept."""

    categorie = models.ForeignKey(Categorie, on_delete=models.CASCADE, related_name="decisions")
    motifs = models.TextField(_("reasons"), max_length=4000)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    par_nom = models.CharField(_("by"), max_length=150)
    le = models.DateTimeField(_("decided"))
    en_vigueur = models.BooleanField(_("in force"), default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-le", "-pk"]
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(
                fields=["categorie"], condition=models.Q(en_vigueur=True), name="palmares_one_decision_in_force"
            )
        ]


class Prix(models.Model):
    """A prize given to a nominated fiche. Public code must read it through ``Prix.objects.public()``."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="prix")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="prix")
    rang = models.PositiveSmallIntegerField(_("prize"), choices=Rang.choices)
    citation = models.TextField(_("citation"), max_length=600, help_text=_("Read out, printed and published."))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = PrixQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("prize")
        verbose_name_plural = _("prizes")
        constraints = [models.UniqueConstraint(fields=["decision", "nomination"], name="palmares_prize_once")]

    def __str__(self) -> str:
        """For example « Premier prix, Coopération (2025) »."""
        categorie = self.categorie
        return f"{self.libelle}, {categorie.nom} ({categorie.palmares.edition.annee})"

    @property
    def libelle(self) -> str:
        """For example « Premier prix ex æquo »: prizes are read with :meth:`PrixQuerySet.with_ties`. Several mentions are no tie."""
        name = str(self.get_rang_display())
        is_tied = self.rang != Rang.MENTION and getattr(self, "est_ex_aequo", False)
        return gettext("%(prize)s ex æquo") % {"prize": name} if is_tied else name

    @property
    def categorie(self) -> Any:
        return self.decision.categorie

    @property
    def palmares(self) -> Any:
        return self.decision.categorie.palmares

    @property
    def fiche(self) -> Any:
        return self.nomination.fiche


class Jure(models.Model):
    """A member of one edition's jury. The name stays when the account is deleted."""

    palmares = models.ForeignKey(Palmares, on_delete=models.CASCADE, related_name="jures")
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="jurys",
    )
    nom = models.CharField(_("name"), max_length=120)
    fonction = models.CharField(_("role"), max_length=160, blank=True)
    accord_le = models.DateTimeField(_("agreed to be named"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["nom", "pk"]
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        constraints = [models.UniqueConstraint(fields=["palmares", "compte"], name="palmares_juror_once")]

    def __str__(self) -> str:
        return self.nom


class Evaluation(models.Model):
    """A juror's scores and remark on one nomination; complete once every criterion has a score."""

    jure = models.ForeignKey(Jure, on_delete=models.CASCADE, related_name="evaluations")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="evaluations")
    # {key of a criterion, as text: score}; criteria don't change once the scoring is open.
    notes = models.JSONField(_("scores"), default=dict)
    commentaire = models.TextField(_("comment"), blank=True, max_length=4000)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("evaluation")
        constraints = [models.UniqueConstraint(fields=["jure", "nomination"], name="palmares_evaluated_once")]


class PalmaresPage(RevisedWhenChanged, AddressablePage, Page):
    """Shows the latest edition that has results at its own address, and each edition at `<year>/`."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
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

    def edition(self, request: HttpRequest, palmares: Palmares | None) -> Any:
        return self.render(request, context_overrides=edition_context(self, palmares))
