"""What finding rests on: a flat row a visible fiche, the words known, the synonyms, the searches that found nothing."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index


class Ligne(models.Model):
    """A fiche as lists, facets and maps need it. Written by ``fiches.recherche.indexation`` only.

    There is a row for each fiche that is live and public, and for no other. Expiry is time's own doing: whoever reads
    compares ``expire_le`` with now.
    """

    fiche = models.OneToOneField("fiches.FichePage", primary_key=True, on_delete=models.CASCADE, related_name="+")
    titre = models.CharField(max_length=255)
    organisation = models.CharField(max_length=200)
    repere = models.TextField(help_text="Folded title, a bar, folded organisation: what sorts and completes.")
    commune = models.CharField(max_length=5, blank=True)
    commune_nom = models.CharField(max_length=100, blank=True)
    departement = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    par_commune = models.BooleanField(default=False)
    sphere = models.CharField(max_length=10, blank=True)
    statut = models.CharField(max_length=20, blank=True)
    tranche = models.CharField(max_length=10, blank=True)
    edition = models.PositiveSmallIntegerField(null=True)
    partenaire = models.TextField(blank=True)
    criteres = models.TextField(blank=True)
    mots_cles = models.TextField(blank=True)
    documents = models.TextField(blank=True, help_text="Keys of what it offers, each between spaces.")
    publie_le = models.DateTimeField(null=True)
    modifie_le = models.DateTimeField(null=True)
    expire_le = models.DateTimeField(null=True)
    texte = models.TextField(blank=True)
    mots = models.TextField(blank=True)

    class Meta:
        verbose_name = _("row of the search table")
        verbose_name_plural = _("rows of the search table")

    def __str__(self):
        return self.titre


class Piece(models.Model):
    """What a document says, as it was when ``empreinte`` was its file's. Written by ``fiches.recherche.pieces`` only."""

    document = models.PositiveBigIntegerField(primary_key=True)
    empreinte = models.CharField(max_length=200)
    texte = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of the documents")

    def __str__(self):
        return str(self.document)


class Mot(models.Model):
    """A word that visible fiches use, and how many of them: what « vouliez-vous dire » may propose."""

    mot = models.CharField(max_length=40, unique=True)
    racine = models.CharField(max_length=40, db_index=True)
    frequence = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("known word")

    def __str__(self):
        return self.mot


class Variante(models.Model):
    """A way in which a known word may be mistyped: see ``fiches.recherche.texte.slips``."""

    mot = models.ForeignKey(Mot, on_delete=models.CASCADE, related_name="variantes")
    variante = models.CharField(max_length=40, db_index=True)

    class Meta:
        verbose_name = _("variant of a known word")

    def __str__(self):
        return self.variante


class Synonyme(index.Indexed, models.Model):
    """Words that staff hold for the same: whoever types one finds them all."""

    termes = models.CharField(
        _("words with the same meaning"),
        max_length=300,
        help_text=_("Separated by commas: “ESS, économie sociale et solidaire, tiers secteur”."),
    )

    panels = [FieldPanel("termes")]
    search_fields = [index.SearchField("termes")]

    class Meta:
        ordering = ["termes"]
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self):
        return self.termes

    @property
    def liste(self):
        return [terme.strip() for terme in self.termes.split(",") if terme.strip()]

    def clean(self):
        super().clean()
        if len(self.liste) < 2:
            raise ValidationError({"termes": _("Give at least two, separated by a comma.")})


class RechercheVaine(models.Model):
    """A search that found nothing, counted by day. Nothing tells who searched, nor when in the day."""

    jour = models.DateField(_("day"))
    mots = models.CharField(_("words"), max_length=80)
    nombre = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        ordering = ["-jour", "-nombre", "mots"]
        constraints = [models.UniqueConstraint(fields=["jour", "mots"], name="fiches_vaine_once_a_day")]
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")

    def __str__(self):
        return self.mots
