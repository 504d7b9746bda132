"""The columns of the list of the fiches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Prefetch
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.templatetags.wagtailadmin_tags import timesince_simple
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageTitleColumn
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

from fiches.admin.review_status import review_step

if TYPE_CHECKING:
    from fiches.models import Partenaire


# The class of the columns of a list that a telephone leaves out: what is listed can be read on its own screen.
SECONDARY = "secondaire"
# The date, for machines, and how long ago it is, with the tooltip of Wagtail's human_readable_date.html.
AGO = (
    '<button type="button" class="w-human-readable-date" data-controller="w-tooltip" data-w-tooltip-content-value="{}" '
    'data-w-tooltip-placement-value="top"><time class="w-human-readable-date__date" datetime="{}">{}</time></button>'
)
# The status of a page that is online, which leads to it; and its step in the review.
LIVE = '<a href="{}" class="w-status w-status--primary" title="{}" target="_blank" rel="noreferrer">{}</a>'
STEP = ' <span class="etat__relecture">{}</span>'
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


class PlainColumn(Column):
    """A column whose cells are drawn without a template, which costs ten times as much: a list has five hundred cells."""

    # The class of the cell, beside that of the column.
    cell_classname = ""

    def render_cell_html(self, instance: Model, parent_context: Context) -> SafeString:
        classname = f"{self.cell_classname} {self.classname or ''}".strip()
        return format_html('<td class="{}">{}</td>', classname, self.content(instance))

    def content(self, instance: Model) -> Any:
        """What the cell shows: text, or HTML marked as safe."""
        value = self.get_value(instance)
        return "" if value is None else value


class MomentColumn(PlainColumn):
    """How long ago something was, as Wagtail's ``DateColumn`` shows it: its tag draws each date by three templates."""

    def content(self, instance: Model) -> SafeString | str:
        if not (moment := self.get_value(instance)):
            return ""
        since, local = capfirst(timesince_simple(moment)), localtime(moment)
        return format_html(AGO, date_format(local, "DATETIME_FORMAT"), local.isoformat(), since)


class PictureColumn(PlainColumn):
    """A thumbnail of the photo, or a text for screen readers if there is none."""

    cell_classname = "vignette"

    def content(self, instance: Model) -> SafeString:
        if picture := self.get_value(instance):
            thumbnail = get_rendition_or_not_found(picture, THUMBNAIL)
            return format_html('<img src="{}" alt="" width="64" height="48" loading="lazy">', thumbnail.url)
        empty = '<span class="vignette__vide" aria-hidden="true">–</span><span class="w-sr-only">{}</span>'
        return format_html(empty, gettext("no picture"))


class PlaceColumn(PlainColumn):
    """The commune and its département, and whether it has no place on the map."""

    def content(self, instance: Any) -> Any:
        commune = self.get_value(instance)
        no_place = gettext("no location") if instance.sans_localisation else ""
        text = f"{commune.nom} ({instance.departement})" if commune else no_place
        if instance.est_situe or instance.sans_localisation:
            return text
        return format_html('{} <span class="w-status">{}</span>', text, gettext("to place"))


class FicheStateColumn(PlainColumn):
    """Whether the fiche is live, as Wagtail's page_status_tag.html shows it, and its step in the review."""

    def render_cell_html(self, instance: Any, parent_context: Context) -> SafeString:
        label = format_html(
            '<span class="w-sr-only">{}</span> {}', gettext("Current page status:"), instance.status_string
        )
        address = instance.get_url(parent_context["request"]) if instance.live else None
        status = (
            format_html(LIVE, address, gettext("Visit the live page"), label)
            if address
            else format_html('<span class="w-status{}">{}</span>', " w-status--primary" if instance.live else "", label)
        )
        step = review_step(instance)
        return format_html("<td>{}{}</td>", status, format_html(STEP, step) if step else "")


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
    PlainColumn("organisation", label=_("Organisation"), sort_key="organisation", classname=SECONDARY),
    PlaceColumn("commune", label=_("Place"), sort_key="commune__nom_normalise", classname=SECONDARY),
    PlainColumn(
        "partenaire",
        label=_("Partner"),
        accessor="partenaire.nom_court",
        sort_key="partenaire__nom",
        classname=SECONDARY,
    ),
    PlainColumn(
        "edition",
        label=pgettext_lazy("column", "Year"),
        accessor="edition.annee",
        sort_key="edition__annee",
        classname=SECONDARY,
    ),
    FicheStateColumn("status", label=_("Status"), sort_key="live"),
    MomentColumn(
        "latest_revision_created_at", label=_("Changed on"), sort_key="latest_revision_created_at", classname=SECONDARY
    ),
]
