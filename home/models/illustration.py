"""The site's image model and its renditions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    SourceImageIOError,
    get_upload_to,
)

from fiches.media.images import CleanImageField
from fiches.models.page_forms import credit_name


class Licence(models.TextChoices):
    """Licences under which others may use a picture."""

    CC0 = "CC0 1.0", "CC0 1.0"
    CC_BY = "CC BY 4.0", "CC BY 4.0"
    CC_BY_SA = "CC BY-SA 4.0", "CC BY-SA 4.0"
    LICENCE_OUVERTE = "Licence Ouverte 2.0", "Licence Ouverte 2.0"


class Illustration(AbstractImage):
    """An image with its credit and licence. Alternative texts are stored where the image is used."""

    file = CleanImageField(verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made the picture."))
    licence = models.CharField(
        _("licence"),
        max_length=20,
        blank=True,
        choices=Licence.choices,
        help_text=_("Under which its author agrees that others use it. Left blank, the site offers no copy of it."),
    )
    exemple = models.BooleanField(_("example"), default=False, help_text=_("Fictitious: marked as such everywhere."))

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def clean(self) -> None:
        super().clean()
        self.credit = credit_name(self.credit)

    @contextmanager
    def open_file(self) -> Iterator[Any]:
        """:raises SourceImageIOError: the original is lost; templates then show the alternative text.
        :raises OSError: the storage doesn't answer now: nobody may keep a page without its picture.
        """
        try:
            with super().open_file() as file:
                yield file
        except SourceImageIOError as error:
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno and not isinstance(cause, FileNotFoundError):
                raise cause from None
            raise

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> Any:
        """:raises SourceImageIOError: the original is damaged; templates then show the alternative text."""
        try:
            return super().generate_rendition_file(filter, source=source)
        except OSError as error:
            if error.errno is None:  # Pillow's; those of the machine have a number
                raise SourceImageIOError(str(error)) from error
            raise

    def create_renditions(self, *filters: Any) -> "dict[Any, IllustrationRendition]":
        """Creates renditions; if another process created one first, returns the stored one and deletes the duplicate file.

        (Wagtail returns its own unsaved rendition then, whose file has no row and is not served.)
        """
        made = super().create_renditions(*filters)
        rows = self.renditions.filter(filter_spec__in=[filter.spec for filter in made])
        stored = {(row.filter_spec, row.focal_point_key): row for row in rows}
        for filter, rendition in made.items():
            made[filter] = stored[filter.spec, rendition.focal_point_key]
            if made[filter].file.name != rendition.file.name:
                rendition.file.delete(save=False)
        return made

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class IllustrationRendition(AbstractRendition):
    """A rendition of an `Illustration`."""

    image = models.ForeignKey(Illustration, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        indexes = [
            models.Index(fields=["file"], name="rendition_by_file")
        ]  # queried for each image file that is served
