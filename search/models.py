"""What the site's search finds beside the fiches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Genre(models.TextChoices):
    """The groups of the search page, in their order."""

    ETAPE = "etapes", _("Étapes")
    CARNET = "carnets", _("Road books")
    PAGE = "pages", _("Pages")
    DOCUMENT = "documents", _("Documents")


class Entree(models.Model):
    """A page or a document that the public may see. Written by ``search.indexation`` only.

    Expiry is time's own doing: whoever reads compares ``expire_le`` with now.
    """

    genre = models.CharField(max_length=10, choices=Genre.choices)
    objet = models.BigIntegerField()
    titre = models.CharField(max_length=255)
    repere = models.TextField()
    texte = models.TextField(blank=True)
    mots = models.TextField(blank=True)
    date = models.DateTimeField(null=True)
    expire_le = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["genre", "objet"], name="search_entree_once")]
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")

    def __str__(self):
        return self.titre


class Citation(models.Model):
    """A document that a visible page offers: what makes the document public, so that drafts' documents stay unfound."""

    page = models.BigIntegerField(db_index=True)
    document = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "document"], name="search_citation_once")]
        verbose_name = _("document offered by a page")

    def __str__(self):
        return f"{self.page} → {self.document}"
