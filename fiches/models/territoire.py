"""The communes of the territory, and the mixin of pages that have a location."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from fiches.models.champs import label_of
from fiches.models.enums import Precision
from fiches.models.location import commune_of, locate, location_errors
from fiches.territoire.territory import departement_choices, territory


class CommuneQuerySet(models.QuerySet):
    def coded(self, start: str) -> Any:
        """The communes whose INSEE code, or one of whose postcodes, begins with these digits."""
        communes = self.annotate(_codes=Cast("codes_postaux", TextField()))
        return communes.filter(Q(code_insee__startswith=start) | Q(_codes__contains=f'"{start}'))

    def named(self, folded: str) -> Any:
        """The communes whose name, or a word of it, begins with ``folded`` (see `fiches.territoire.gazetteer.fold`)."""
        return self.filter(Q(nom_normalise__startswith=folded) | Q(nom_normalise__contains=f" {folded}"))

    def example(self) -> Any:
        """The largest commune, for examples; one that is named after the territory if there is none."""
        largest = self.exclude(codes_postaux=[]).order_by(F("population").desc(nulls_last=True), "pk").first()
        return largest or self.model(nom=territory().area.nom, codes_postaux=[""])

    def located(self) -> models.QuerySet:
        return self.filter(latitude__isnull=False, longitude__isnull=False)


class Commune(models.Model):
    """A commune of the gazetteer. Its centre may be unknown: it is never guessed."""

    code_insee = models.CharField(_("INSEE code"), max_length=5, primary_key=True)
    nom = models.CharField(_("name"), max_length=100)
    nom_normalise = models.CharField(max_length=100, db_index=True, editable=False)
    departement = models.CharField(_("département"), max_length=3, choices=departement_choices, db_index=True)
    codes_postaux = models.JSONField(_("postcodes"), default=list)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    source = models.CharField(_("source of the position"), max_length=40, blank=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["nom_normalise", "code_insee"]

    def __str__(self) -> str:
        code = self.codes_postaux[0] if self.codes_postaux else self.code_insee
        return f"{self.nom} ({code}, {self.get_departement_display()})"

    @property
    def id(self) -> str:
        """The primary key, under the name that Wagtail's API v2 uses."""
        return self.code_insee

    @property
    def est_situee(self) -> bool:
        return self.latitude is not None and self.longitude is not None


class Localisable(models.Model):
    """Mixin of a page with a location in the territory. Comes before Page in the bases.

    A person gives the address, the commune, a point on the map or "no location"; `fiches.models.location.locate` derives the
    département (from the INSEE code), latitude, longitude and precision from them, on clean and on save.
    """

    LOCATION_INPUTS = ("commune", "commune_id", "code_postal", "point", "sans_localisation")
    LOCATION_DERIVED = ("departement", "code_postal", "point", "latitude", "longitude", "precision")

    adresse = models.CharField(label_of("adresse"), max_length=255, blank=True, help_text=_("Number and street."))
    code_postal = models.CharField(label_of("code_postal"), max_length=5, blank=True)
    commune = models.ForeignKey(
        "rallynov_fiches.Commune",
        verbose_name=label_of("commune"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    departement = models.CharField(
        label_of("departement"),
        max_length=3,
        blank=True,
        choices=departement_choices,
        db_index=True,
        editable=False,
    )
    point = models.CharField(
        label_of("point"),
        max_length=255,
        blank=True,
        help_text=_("Without a point, the centre of the commune is shown, and said to be so."),
    )
    sans_localisation = models.BooleanField(
        label_of("sans_localisation"), default=False, help_text=_("Shows no position on any map.")
    )
    latitude = models.FloatField(label_of("latitude"), null=True, editable=False, db_index=True)
    longitude = models.FloatField(label_of("longitude"), null=True, editable=False, db_index=True)
    precision = models.CharField(
        label_of("precision"),
        max_length=8,
        choices=Precision.choices,
        default=Precision.AUCUNE,
        editable=False,
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        locate(self)
        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) & set(self.LOCATION_INPUTS):
            kwargs["update_fields"] = set(fields) | set(self.LOCATION_DERIVED)
        super().save(*args, **kwargs)

    @property
    def est_situe(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    def clean_fields(self, exclude: Any = None) -> Any:
        """Also validates the location; errors of excluded fields are left out."""
        errors: dict[str, Any] = {}
        loaded = {"commune"} if commune_of(self) else set()  # it exists: no second query to check the foreign key
        try:
            super().clean_fields(exclude={*(exclude or ()), *loaded})
        except ValidationError as error:
            error.update_error_dict(errors)
        for field, error in location_errors(self).items():
            if field not in errors and field not in (exclude or ()):
                ValidationError({field: error}).update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def clean(self) -> None:
        super().clean()
        locate(self)
