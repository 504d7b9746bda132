"""The bibliography's references."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from fiches.territoire.gazetteer import fold


class Reference(index.Indexed, models.Model):
    """One work of the bibliography."""

    class Type(models.TextChoices):
        """Kinds of work, by their CSL-JSON names."""

        LIVRE = "book", _("book")
        CHAPITRE = "chapter", _("chapter")
        ARTICLE = "article-journal", _("article")
        RAPPORT = "report", _("report")
        THESE = "thesis", _("thesis")
        SITE = "webpage", _("web page")

    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.LIVRE)
    titre = models.CharField(_("title"), max_length=300)
    auteurs = models.CharField(
        _("authors"), max_length=300, blank=True, help_text=_("“Name, First name”, separated by semicolons.")
    )
    annee = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(1800), MaxValueValidator(2100)]
    )
    editeur = models.CharField(_("publisher"), max_length=200, blank=True)
    revue = models.CharField(_("journal or book"), max_length=200, blank=True)
    doi = models.CharField(
        "DOI", max_length=120, blank=True, validators=[RegexValidator(r"^10\.\d{4,9}/\S+$", _("A DOI reads “10.…/…”."))]
    )
    adresse = models.URLField(_("web address"), blank=True, max_length=400)
    langue = models.CharField(
        _("language of the work"),
        max_length=12,
        blank=True,
        help_text=_("Its code, where it isn't French: en, de, es… Screen readers then say the title right."),
        validators=[
            RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("A language is a code such as en, de or pt-BR."))
        ],
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader finds in it."))

    panels = [
        FieldPanel("type"),
        FieldPanel("titre"),
        FieldPanel("auteurs"),
        FieldRowPanel([FieldPanel("annee"), FieldPanel("editeur"), FieldPanel("revue")]),
        FieldRowPanel([FieldPanel("doi"), FieldPanel("adresse"), FieldPanel("langue")]),
        FieldPanel("note"),
    ]
    search_fields = [
        index.SearchField("titre"),
        index.SearchField("auteurs"),
        index.AutocompleteField("titre"),
    ]

    class Meta:
        ordering = ["auteurs", "annee", "titre"]
        verbose_name = _("reference")
        verbose_name_plural = _("bibliography")

    def __str__(self) -> Any:
        return self.titre

    @property
    def liste_des_auteurs(self) -> list[str]:
        """The authors as a list of « Name, First name »."""
        return [author.strip() for author in self.auteurs.split(";") if author.strip()]


def by_author() -> list[Reference]:
    """The references in the order of their authors; one without an author has the place of its title."""
    return sorted(
        Reference.objects.all(), key=lambda each: (fold(each.auteurs or each.titre), each.annee or 0, fold(each.titre))
    )
