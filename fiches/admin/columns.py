"""The columns of the list of the fiches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Prefetch
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

from fiches.admin.review_status import review_step

if TYPE_CHECKING:
    from fiches.models import Partenaire


# The class of the columns of a list that a telephone leaves out: what is listed can be read on its own screen.
SECONDARY = "secondaire"
THUMBNAIL = Filter("fill-96x72")


def thumbnails(pictures: str) -> Prefetch:
    """The prefetch of what :class:`PictureColumn` shows of ``pictures``, the name of a relation; pictures have many more sizes."""
    renditions = get_image_model().get_rendition_model().objects.filter(filter_spec=THUMBNAIL.spec)
    return Prefetch(f"{pictures}__renditions", renditions)


class FormColumn(Column):
    """A column whose template has a form. Adds the CSRF token, since cells are rendered without the page's context."""

    def get_cell_context_data(self, instance: Model, parent_context: Context) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


class PictureColumn(Column):
    """A thumbnail of the photo, or a text for screen readers if there is none."""

    def __init__(self, *args: Any, classname: str = "", **kwargs: Any) -> None:
        super().__init__(*args, classname=f"vignette {classname}".strip(), **kwargs)

    def get_value(self, instance: Model) -> SafeString:
        if picture := super().get_value(instance):
            thumbnail = get_rendition_or_not_found(picture, THUMBNAIL)
            return format_html('<img src="{}" alt="" width="64" height="48" loading="lazy">', thumbnail.url)
        empty = '<span class="vignette__vide" aria-hidden="true">–</span><span class="w-sr-only">{}</span>'
        return format_html(empty, gettext("no picture"))


class PlaceColumn(Column):
    """The commune and its département, and whether it has no place on the map."""

    def get_value(self, instance: Any) -> Any:
        commune = super().get_value(instance)
        no_place = gettext("no location") if instance.sans_localisation else ""
        text = f"{commune.nom} ({instance.departement})" if commune else no_place
        if instance.est_situe or instance.sans_localisation:
            return text
        return format_html('{} <span class="w-status">{}</span>', text, gettext("to place"))


class LacksColumn(Column):
    """The labels of what is missing, from ``labels_of(instance)``."""

    cell_template_name = "fiches/admin/_manques.html"

    def __init__(self, name: str, *, labels_of: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.labels_of = labels_of

    def get_value(self, instance: "Partenaire | Page") -> list[str]:
        return self.labels_of(instance)


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PictureColumn("photo", label=_("Picture"), classname=SECONDARY),
    PageTitleColumn("title", label=_("Innovation"), sort_key="title", classname="title"),
    Column("organisation", label=_("Organisation"), sort_key="organisation", classname=SECONDARY),
    PlaceColumn("commune", label=_("Place"), sort_key="commune__nom_normalise", classname=SECONDARY),
    Column(
        "partenaire",
        label=_("Partner"),
        accessor="partenaire.nom_court",
        sort_key="partenaire__nom",
        classname=SECONDARY,
    ),
    Column(
        "edition",
        label=pgettext_lazy("column", "Year"),
        accessor="edition.annee",
        sort_key="edition__annee",
        classname=SECONDARY,
    ),
    PageStatusColumn("status", label=_("Status"), sort_key="live"),
    Column("relecture", label=_("Review"), accessor=review_step),
    DateColumn(
        "latest_revision_created_at", label=_("Changed on"), sort_key="latest_revision_created_at", classname=SECONDARY
    ),
]
