"""The fiche: one innovation on one page, and the index that lists them."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import path
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from fiches.models import panels
from fiches.models.blocks import body_blocks
from fiches.models.champs import champ_named, champs_with, details_of, label_of
from fiches.models.declaration import GroupeDeChamps
from fiches.models.enums import Precision, Sphere, StatutJuridique, tranche
from fiches.models.fields import BodyField, PhoneField, SiretField, naf_2025, naf_rev2
from fiches.models.grille import Critere, FicheCritere, FicheMotCle, MotCle, characterise
from fiches.models.moderation import ReviewedIndex, ReviewedPage
from fiches.models.querysets import FicheManager, VisibleManager, prefetch_joined
from fiches.models.revisions import ChildRow
from fiches.models.routes import AddressablePage, PreviewedPage
from fiches.models.territoire import Localisable
from fiches.publications.version import memoize


class FicheIndexPage(ReviewedIndex, AddressablePage, Page):
    """The list and the map of the fiches, at ``/fiches/`` or wherever a host puts it."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)

    content_panels = panels.INDEX_CONTENT
    subpage_types = ["rallynov_fiches.FichePage"]
    template = "fiches/fiche_index_page.html"
    objects = VisibleManager()
    context_hook = "register_fiche_index_context"

    class Meta:
        verbose_name = _("list of the fiches")

    @classmethod
    def clean_subpage_models(cls) -> Any:
        """The fiche, and the models that a host derives from it."""
        return fiche_models()

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Wagtail's, with the fiche and the records that its page shows in one query instead of six."""
        if len(path_components) == 1 and "." not in path_components[0]:  # not a file such as the Atom feed
            fiches = FichePage.objects.child_of(self).select_related(
                "commune", "partenaire", "edition", "photo", "logo"
            )
            fiches = fiches.prefetch_related(prefetch_joined(FichePage, "financements", "partenaire__logo"))
            if fiche := fiches.with_keys("criteres", "mots_cles").filter(slug=path_components[0]).first():
                fiche = fiche.specific
                fiche._cached_parent_obj = self  # as Wagtail does
                return fiche.route(request, [])
        return super().route(request, path_components)

    @path("", name="index")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)


class FichePage(PreviewedPage, ReviewedPage, AddressablePage, Localisable, Page):
    """The innovation sheet. The title is the innovation's name; the organisation is a field."""

    organisation = models.CharField(label_of("organisation"), max_length=200)
    chapo = models.TextField(label_of("chapo"), max_length=600, blank=True, help_text=champ_named("chapo").description)
    corps = BodyField(body_blocks(), verbose_name=label_of("corps"), blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=label_of("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    photo_alt = models.CharField(label_of("photo_alt"), max_length=250, blank=True)
    photo_decorative = models.BooleanField(label_of("photo_decorative"), default=False)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=label_of("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    logo_alt = models.CharField(label_of("logo_alt"), max_length=250, blank=True)
    logo_decorative = models.BooleanField(label_of("logo_decorative"), default=False)

    activite = models.CharField(label_of("activite"), max_length=200, blank=True)
    naf = models.CharField(label_of("naf"), max_length=6, blank=True, validators=[naf_rev2])
    naf_2025 = models.CharField(label_of("naf_2025"), max_length=6, blank=True, validators=[naf_2025])
    statut = models.CharField(
        label_of("statut"), max_length=20, choices=StatutJuridique.choices, blank=True, db_index=True
    )
    effectif = models.PositiveIntegerField(
        label_of("effectif"), null=True, blank=True, help_text=champ_named("effectif").description
    )
    sphere = models.CharField(label_of("sphere"), max_length=10, choices=Sphere.choices, blank=True, db_index=True)
    siret = SiretField(label_of("siret"), max_length=20, blank=True, help_text=champ_named("siret").help)
    site = models.URLField(label_of("site"), blank=True)

    contact_nom = models.CharField(label_of("contact_nom"), max_length=120, blank=True)
    contact_nom_public = models.BooleanField(label_of("contact_nom_public"), default=False)
    contact_fonction = models.CharField(label_of("contact_fonction"), max_length=120, blank=True)
    contact_fonction_public = models.BooleanField(label_of("contact_fonction_public"), default=False)
    contact_telephone = PhoneField(label_of("contact_telephone"), blank=True)
    contact_telephone_public = models.BooleanField(label_of("contact_telephone_public"), default=False)
    contact_courriel = models.EmailField(label_of("contact_courriel"), blank=True)
    contact_courriel_public = models.BooleanField(label_of("contact_courriel_public"), default=False)

    partenaire = models.ForeignKey(
        "rallynov_fiches.Partenaire",
        verbose_name=label_of("partenaire"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="fiches",
    )
    partenaire_contact_nom = models.CharField(label_of("partenaire_contact_nom"), max_length=120, blank=True)
    partenaire_contact_fonction = models.CharField(label_of("partenaire_contact_fonction"), max_length=120, blank=True)
    partenaire_contact_telephone = PhoneField(label_of("partenaire_contact_telephone"), blank=True)
    partenaire_contact_courriel = models.EmailField(label_of("partenaire_contact_courriel"), blank=True)
    partenaire_contact_public = models.BooleanField(label_of("partenaire_contact_public"), default=False)

    edition = models.ForeignKey(
        "rallynov_fiches.Edition",
        verbose_name=label_of("edition"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="fiches",
    )
    criteres = ClusterTaggableManager(
        through=FicheCritere, verbose_name=label_of("criteres"), blank=True, related_name="fiches"
    )
    mots_cles = ClusterTaggableManager(
        through=FicheMotCle, verbose_name=label_of("mots_cles"), blank=True, related_name="fiches"
    )
    exemple = models.BooleanField(
        label_of("exemple"), default=False, help_text=_("Fictitious: marked as such everywhere.")
    )

    objects = FicheManager()
    context_hook = "register_fiche_context"

    # The consent to show them is for one fiche: see `fiches.pages.copies`.
    kept_in_translations = exclude_fields_in_copy = [
        champ.name
        for groupe in (GroupeDeChamps.CONTACT, GroupeDeChamps.PHOTO, GroupeDeChamps.LOGO)
        for champ in champs_with("panel", groupe=groupe)
    ]
    template = "fiches/fiche_page.html"
    parent_page_types = ["rallynov_fiches.FicheIndexPage"]
    subpage_types = []
    edit_handler = panels.FICHE
    # `base_form_class` is set when Django starts: the form of `fiches.admin` needs this model.
    # For a host that mounts Wagtail's API v2. Contacts are not among them: that API can't show a field only with consent.
    api_fields = [
        *map(APIField, ("organisation", "chapo", "corps", "exemple", "edition", "criteres", "mots_cles", "partenaire")),
        *map(APIField, ("photo", "photo_alt", "photo_decorative", "logo", "logo_alt", "logo_decorative")),
        *map(APIField, ("activite", "naf", "naf_2025", "statut", "effectif", "sphere", "siret", "site")),
        *map(APIField, ("adresse", "code_postal", "commune", "departement", "latitude", "longitude", "precision")),
    ]

    search_fields = Page.search_fields + [
        index.SearchField("chapo"),
        index.SearchField("corps"),
        index.SearchField("organisation", boost=2),
        index.SearchField("activite"),
        index.AutocompleteField("organisation"),
        index.RelatedFields("commune", [index.SearchField("nom")]),
        index.SearchField("noms_des_criteres"),
        index.SearchField("noms_des_mots_cles"),
        index.RelatedFields("partenaire", [index.SearchField("nom"), index.SearchField("sigle")]),
        index.FilterField("departement"),
        index.FilterField("sphere"),
        index.FilterField("statut"),
        index.FilterField("effectif"),
        index.FilterField("edition"),
        index.FilterField("exemple"),
    ]

    class Meta:
        verbose_name = _("fiche")
        verbose_name_plural = _("fiches")

    @path("", name="fiche")
    def fiche_route(self, request: HttpRequest) -> HttpResponse:
        return self.render(request)

    @property
    def tranche_effectif(self) -> str:
        """The key of INSEE's band for the staff size."""
        return tranche(self.effectif)

    @cached_property
    def criteres_par_dimension(self) -> list[Any]:
        """The whole grid with this fiche's criteria marked: see :func:`fiches.models.grille.characterise`."""
        if (keys := getattr(self, "ses_criteres", None)) is not None:
            return characterise(met=set(map(int, keys.split())))
        return characterise(met={link.tag_id for link in self.fiche_criteres.all()})

    @cached_property
    def noms_des_criteres(self) -> list[str]:
        """The names of the criteria that the fiche meets."""
        return _names(self, "criteres", Critere)

    @cached_property
    def noms_des_mots_cles(self) -> list[str]:
        """The names of its keywords."""
        return _names(self, "mots_cles", MotCle)

    @cached_property
    def credits(self) -> Any:
        """Its funders, each with its logo."""
        funders = list(self.financements.all())
        prefetch_related_objects(funders, "partenaire__logo")
        return funders

    @property
    def contact_public(self) -> dict[str, str]:
        """The details that the contact agreed to show, by name: ``nom``, ``fonction``, ``telephone``, ``courriel``."""
        details = details_of(GroupeDeChamps.CONTACT)
        shown = (word for word, champ in details.items() if getattr(self, f"{champ.name}_public"))
        return {word: value for word in shown if (value := getattr(self, details[word].name))}

    @property
    def can_be_written_to(self) -> bool:
        """Whether visitors may write to the contact with a form: the consent to show the name covers it."""
        return bool(self.contact_nom_public and self.contact_nom and self.contact_courriel)

    @property
    def contact_du_partenaire(self) -> dict[str, str]:
        """The details of the partner's contact person, by name; empty without their consent."""
        if not self.partenaire_contact_public:
            return {}
        details = details_of(GroupeDeChamps.CONTACT_DU_PARTENAIRE)
        return {word: value for word, champ in details.items() if (value := getattr(self, champ.name))}

    @property
    def placee_par_la_commune(self) -> bool:
        return self.precision == Precision.COMMUNE


class FicheFinanceur(ChildRow, Orderable):
    """A funder credited on a fiche."""

    fiche = ParentalKey(FichePage, on_delete=models.CASCADE, related_name="financements")
    partenaire = models.ForeignKey(
        "rallynov_fiches.Partenaire", verbose_name=_("funder"), on_delete=models.PROTECT, related_name="financements"
    )
    mention = models.CharField(
        _("credit"),
        max_length=250,
        blank=True,
        help_text=_("The exact wording the funder asks for; otherwise “With the financial support of …”."),
    )

    panels = panels.FINANCEUR

    class Meta(Orderable.Meta):
        verbose_name = _("funder")


def _names(fiche: FichePage, which: Any, model: Any) -> list[str]:
    """The names of a fiche's criteria or keywords. No query if :meth:`FicheQuerySet.with_keys` loaded their keys."""
    keys = getattr(fiche, f"ses_{which}", None)
    if keys is None:
        return [link.tag.name for link in getattr(fiche, f"fiche_{which}").select_related("tag")]
    if not keys:
        return []
    names = memoize(("names", which), lambda: dict(model.objects.values_list("pk", "name")))
    return [names[key] for key in map(int, keys.split()) if key in names]


# --- The models that a host derives from FichePage: fiches as ours, with fields of their own ------------------------------------


def get_fiche_model() -> type[FichePage]:
    """The model of the fiches that the site creates: the one that ``RALLYNOV_FICHE_MODEL`` names, or ``FichePage``.

    :raises ImproperlyConfigured: the setting names no model derived from ``FichePage``.
    """
    label = getattr(settings, "RALLYNOV_FICHE_MODEL", "rallynov_fiches.FichePage")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise ImproperlyConfigured(f"RALLYNOV_FICHE_MODEL: there is no model “{label}”.") from error
    if not issubclass(model, FichePage):
        raise ImproperlyConfigured(f"RALLYNOV_FICHE_MODEL: “{label}” is not derived from fiches.FichePage.")
    return model


def fiche_models() -> list[type[FichePage]]:
    """``FichePage``, and the models derived from it."""
    return [FichePage, *derived_models()]


@cache
def derived_models() -> tuple[type[FichePage], ...]:
    """The models that a host derives from ``FichePage``, each with a table of its own."""
    derived = (model for model in apps.get_models() if issubclass(model, FichePage) and not model._meta.proxy)
    return tuple(model for model in derived if model is not FichePage)


@cache
def own_fields() -> dict[str, models.Field | None]:
    """``{name: column}`` of what derived models add to ``api_fields``; None for a property or a method."""
    return {
        name: {column.name: column for column in model._meta.concrete_fields}.get(name)
        for model in derived_models()
        for name in own_names(model)
    }


@cache
def own_names(model: type[FichePage]) -> tuple[str, ...]:
    """The names that a derived model adds to ``api_fields``."""
    ours = {each.name for each in FichePage.api_fields}
    return tuple(each.name for each in model.api_fields if each.name not in ours)


@cache
def own_search_fields(model: type[FichePage]) -> tuple[index.SearchField, ...]:
    """What a derived model adds to ``search_fields``, to search its text."""
    ours = {each.field_name for each in FichePage.get_search_fields()}
    fields = (each for each in model.get_search_fields() if isinstance(each, index.SearchField))
    return tuple(each for each in fields if each.field_name not in ours)
