"""The site's pictures."""

import logging
from contextlib import contextmanager

from django.db import OperationalError, connections, models, router
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError, get_upload_to

from fiches.media.image_fields import CleanImageField
from fiches.media.turns import Busy, turn
from fiches.models.bulk import impatient
from fiches.publications.kept import incomplete

logger = logging.getLogger(__name__)


# Seconds that a reader waits for the turn of a size that was not drawn before; the page then goes without.
WAIT = 3.0


@contextmanager
def drawn_in_turn():
    """One picture is drawn at a time on the machine. Where no file can be written or read, or no row, or where the turn does not
    come, a page shows no picture, is not kept, and the next one tries again."""
    connection = connections[router.db_for_write(IllustrationRendition)]
    try:
        with turn("pictures", wait=WAIT), impatient(connection):
            yield
    except SourceImageIOError:
        raise
    except (Busy, OSError, OperationalError) as error:
        if isinstance(error, OperationalError) and connection.in_atomic_block:
            raise  # its transaction's matter
        incomplete()
        logger.warning("rendition_not_made", extra={"error": type(error).__name__})
        raise SourceImageIOError(str(error)) from error


class Illustration(AbstractImage):
    """A picture of the site, with its credit. Its alternative text stands where the picture is used."""

    file = CleanImageField(verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made the picture."))
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def create_rendition(self, filter):
        with drawn_in_turn():
            return super().create_rendition(filter)

    def create_renditions(self, *filters):
        """Those that the database holds: where another process's came first, Wagtail gives back its own, whose file no row names
        and nobody is served."""
        if len(filters) < 2:
            return {filter: self.create_rendition(filter) for filter in filters}
        with drawn_in_turn():
            made = super().create_renditions(*filters)
            rows = self.renditions.filter(filter_spec__in=[filter.spec for filter in made])
            kept = {(row.filter_spec, row.focal_point_key): row for row in rows}
            for filter, rendition in made.items():
                made[filter] = kept[filter.spec, rendition.focal_point_key]
                if made[filter].file.name != rendition.file.name:
                    rendition.file.delete(save=False)
            return made

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class IllustrationRendition(AbstractRendition):
    """A size of a picture."""

    image = models.ForeignKey(Illustration, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]  # asked for each picture that is served
