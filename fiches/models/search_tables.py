"""Tables of the search beside the register: known words, texts of documents, synonyms, searches without a result."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class TexteDeDocument(models.Model):
    """The text extracted from the file of a document; ``empreinte`` identifies the file. Written by
    ``fiches.publications.linked_documents`` only."""

    document = models.PositiveBigIntegerField(primary_key=True)
    empreinte = models.CharField(max_length=200)
    texte = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of the documents")

    def __str__(self) -> Any:
        return str(self.document)


class Mot(models.Model):
    """A word of public pages, its stem (``racine``) and the number of pages: the vocabulary of spelling suggestions."""

    mot = models.CharField(max_length=40, unique=True)
    racine = models.CharField(max_length=40, db_index=True)
    frequence = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("known word")

    def __str__(self) -> Any:
        return self.mot


class Synonyme(index.Indexed, models.Model):
    """A group of synonyms, edited by the staff: a search for one finds them all."""

    termes = models.CharField(
        _("words with the same meaning"),
        max_length=600,
        help_text=_("Separated by commas: “ESS, économie sociale et solidaire, tiers secteur”."),
    )

    panels = [FieldPanel("termes")]
    search_fields = [index.SearchField("termes")]

    class Meta:
        ordering = ["termes"]
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.termes

    @property
    def liste(self) -> list[str]:
        return [terme.strip() for terme in self.termes.split(",") if terme.strip()]

    def clean(self) -> None:
        super().clean()
        if len(self.liste) < 2:
            raise ValidationError({"termes": _("Give at least two, separated by a comma.")})


class RechercheVaine(models.Model):
    """A search that found nothing, counted by day. Neither the visitor nor the time of day is stored."""

    jour = models.DateField(_("day"))
    mots = models.CharField(_("words"), max_length=80)
    nombre = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        ordering = ["-jour", "-nombre", "mots"]
        constraints = [models.UniqueConstraint(fields=["jour", "mots"], name="fiches_vaine_once_a_day")]
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")

    def __str__(self) -> str:
        return self.mots
