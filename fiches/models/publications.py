"""The register of public pages, the version of its content, both written by ``fiches.publications`` only; and the other tables of
the search: known words, texts of documents, synonyms, searches without a result."""

from datetime import UTC, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from fiches import content_language, content_site

# The date of rows without one: they sort last.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
PAGE = "page"
# ``{model: name of its kind}``, filled by `fiches.publications.ledger.register_kind`.
KINDS: dict[type, str] = {}


def kind_of(model: type) -> str:
    """The name of the kind of ``model``: the one registered for it or for the model that it is derived from, else :data:`PAGE`
    for a page model, else ``""``."""
    registered = (KINDS[each] for each in model.__mro__ if each in KINDS)
    return next(registered, PAGE if issubclass(model, Page) else "")


class Version(models.Model):
    """A single row: the version of everything that is public. See ``fiches.publications.version``."""

    number = models.PositiveBigIntegerField(help_text="Grows with each change, in the order of the commits.")
    changed_at = models.DateTimeField()
    shared_at = models.DateTimeField(
        default=UNDATED, help_text="When something last changed but fiches and étapes, or a date passed."
    )
    valid_until = models.DateTimeField(help_text="When it next changes by itself.")

    class Meta:
        default_permissions = ()
        verbose_name = _("version of what the public may see")

    def __str__(self) -> str:
        return str(self.number)


class PublicationQuerySet(models.QuerySet):
    """Rows of the register."""

    def visible(self, now: datetime | None = None) -> Self:
        """The rows that are public at ``now``: neither withdrawn nor expired."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=now or timezone.now())
        return self.filter(not_expired, withdrawn_at=None)

    def in_language(self, code: str = "") -> Self:
        """The rows in one language: by default, the active language of contents."""
        return (
            self.filter(language=code or content_language.active_language())
            if content_language.is_multilingual()
            else self
        )

    def here(self, code: str = "") -> Self:
        """The rows in one language, of the site that the request is for."""
        return content_site.narrow(self.in_language(code))

    def fiches_here(self, code: str = "") -> Self:
        """The fiches in one language, of the site that the request is for."""
        return self.here(code).filter(kind="fiche")


class Publication(models.Model):
    """A public page, or the tombstone of one that was withdrawn. Written by ``fiches.publications.ledger`` only.

    Rows are never deleted: mirrors read tombstones to learn what to delete, and ``published_at`` keeps the first publication. A
    tombstone holds only the address and the dates. Expiry writes nothing: readers compare ``expires_at`` with now.
    """

    kind = models.CharField(_("type"), max_length=20)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(_("language"), max_length=100, blank=True)
    uid = models.UUIDField(null=True, db_index=True, help_text="The same for a page and its translations.")
    slug = models.CharField(_("address name"), max_length=255)
    url_path = models.TextField(blank=True, help_text="The path of the page in the tree.")
    published_at = models.DateTimeField(_("first public"), db_index=True)
    changed_at = models.DateTimeField(pgettext_lazy("date of a publication", "changed"), db_index=True)
    expires_at = models.DateTimeField(_("expires"), null=True, db_index=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("date of a publication", "withdrawn"), null=True)
    sequence = models.PositiveBigIntegerField(
        db_index=True, help_text="The number of the version at which it last changed: in the order of the commits."
    )
    contents = models.TextField(null=True, help_text="JSON for the outside; null: to be built when next asked for.")
    release = models.CharField(max_length=16, blank=True, help_text="Digest of the code that made the contents.")

    # Columns that lists show, sort and search.
    title = models.CharField(_("title"), max_length=255, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    folded_title = models.CharField(max_length=600, blank=True, help_text="Its words as they are searched.")
    folded_organisation = models.CharField(max_length=600, blank=True)
    text = models.TextField(blank=True, help_text="What a search quotes.")
    words = models.TextField(blank=True, help_text="Its folded words, each once, in order: those that Mot counts.")
    date = models.DateTimeField(default=UNDATED, help_text="When it first appeared; of an étape, when it begins.")

    # Location.
    commune = models.CharField(max_length=5, blank=True)
    departement = models.CharField(max_length=3, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    by_centre = models.BooleanField(default=False, help_text="Whether the place is the centre of its commune.")

    # Facets with at most one value. Those with several values are in PublicationValue.
    sphere = models.CharField(max_length=10, blank=True)
    statut = models.CharField(max_length=20, blank=True)
    tranche = models.CharField(max_length=10, blank=True)
    edition = models.CharField(max_length=5, blank=True)
    partenaire = models.CharField(max_length=20, blank=True, help_text="Key of the associated partner.")
    criteres = models.TextField(null=True, help_text="Keys of its criteria, such as « 3 17 », in its own order.")
    mots_cles = models.TextField(null=True, help_text="The same of its keywords.")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="fiches_publication_once")]
        indexes = [
            models.Index(fields=["kind", "-date", "-object_id"], name="fiches_publication_latest"),
            models.Index(fields=["kind", "latitude", "longitude"], name="fiches_publication_place"),
            # Of tombstones only: SQLite would take an index of all rows for the best one of any search.
            models.Index(
                fields=["withdrawn_at"],
                condition=models.Q(withdrawn_at__isnull=False),
                name="fiches_publication_withdrawn",
            ),
            # A covering index for counts: rows may be long.
            models.Index(
                fields=[
                    *(
                        "kind",
                        "departement",
                        "sphere",
                        "statut",
                        "tranche",
                        "edition",
                        "partenaire",
                        "commune",
                        "language",
                    ),
                    *("withdrawn_at", "expires_at", "changed_at", "latitude", "longitude", "date", "object_id"),
                    *("criteres", "mots_cles"),
                ],
                name="fiches_publication_facets",
            ),
        ]
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class PublicationValue(models.Model):
    """A value of a facet with several values: a criterion or keyword of a fiche, a document that a page links to."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="values", db_index=False)
    facet = models.CharField(max_length=20)
    value = models.CharField(max_length=20, help_text="Key of the record.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["publication", "facet", "value"], name="fiches_value_once")]
        indexes = [models.Index(fields=["facet", "value", "publication"], name="fiches_value_of")]
        verbose_name = _("value of a public page")

    def __str__(self) -> str:
        return f"{self.facet} {self.value}"


class PublicationCount(models.Model):
    """How many public fiches below one page, in one language, have a value of a facet. Written by ``fiches.publications.counts`` only."""

    url_path = models.TextField(help_text="The path, in the tree, of the page above the fiches.")
    language = models.CharField(max_length=100, blank=True)
    facet = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=20, blank=True)
    number = models.IntegerField()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["facet", "value", "url_path", "language"], name="fiches_count_once")
        ]
        verbose_name = _("number of public fiches")

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.number}"


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
