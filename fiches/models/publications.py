"""What is public, since when, and which version of it that makes. Written by ``fiches.publications`` only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """One row: the version of all that the public may see. See ``fiches.publications.version``."""

    number = models.PositiveBigIntegerField(help_text="Grows with each change, in the order of the commits.")
    changed_at = models.DateTimeField()
    valid_until = models.DateTimeField(help_text="When it next changes by itself.")

    class Meta:
        default_permissions = ()
        verbose_name = _("version of what the public may see")

    def __str__(self) -> str:
        return str(self.number)


class Publication(models.Model):
    """What the public may see of one page, or that it was withdrawn. Written by ``fiches.publications.ledger`` only.

    A row is never removed: it is how a mirror learns what to forget, and when a page was first public. Expiry is time's own doing:
    whoever reads compares ``expires_at`` with now.
    """

    kind = models.CharField(_("type"), max_length=20)
    object_id = models.PositiveBigIntegerField()
    slug = models.CharField(_("address name"), max_length=255)
    published_at = models.DateTimeField(_("first public"), db_index=True)
    changed_at = models.DateTimeField(_("changed"), db_index=True)
    expires_at = models.DateTimeField(_("expires"), null=True, db_index=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, db_index=True)
    sequence = models.PositiveBigIntegerField(
        db_index=True, help_text="The number of the version at which it last changed: in the order of the commits."
    )
    contents = models.TextField(null=True, help_text="JSON for the outside; null: to be built when next asked for.")
    release = models.CharField(max_length=16, blank=True, help_text="Digest of the code that built the contents.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="fiches_publication_once")]
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
