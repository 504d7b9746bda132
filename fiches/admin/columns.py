"""The columns of the list of the fiches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageTitleColumn
from wagtail.models import Page

from fiches.admin.fiche_gaps import GAPS
from fiches.admin.review_status import review_step

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.models import FichePage, Lien, Partenaire


GAP_LABELS = dict(GAPS)
# The class of the columns of a list that a telephone leaves out: what is listed can be read on its own screen.
SECONDARY = "secondaire"


class FormColumn(Column):
    """A column whose template has a form. Adds the CSRF token, since cells are rendered without the page's context."""

    def get_cell_context_data(self, instance: "Lien | Model", parent_context: Context) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


class PictureColumn(Column):
    """A thumbnail of the photo, or a text for screen readers if there is none."""

    cell_template_name = "fiches/admin/_vignette.html"


class PlaceColumn(Column):
    """The commune and its département, and whether it has no place on the map."""

    cell_template_name = "fiches/admin/_lieu.html"


class CompletenessColumn(Column):
    """The completeness in per cent, and the labels of the gaps."""

    cell_template_name = "fiches/admin/_completude.html"

    def get_value(self, fiche: "FichePage") -> Any:
        return getattr(fiche, "bilan", None)

    def get_cell_context_data(self, fiche: "FichePage | Model", parent_context: Context) -> dict[str, Any]:
        context = super().get_cell_context_data(fiche, parent_context)
        bilan = context["value"]
        names = [name for name in bilan.manques.split("|") if name] if bilan else []
        return {**context, "manques": [GAP_LABELS[name] for name in names if name in GAP_LABELS]}


class StateColumn(Column):
    """Whether the fiche is live, and its step in the review."""

    cell_template_name = "fiches/admin/_etat.html"

    def get_value(self, fiche: "FichePage") -> "StrOrPromise":
        return review_step(fiche)


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
    CompletenessColumn("bilan", label=_("Complete"), sort_key="bilan__part", classname=SECONDARY),
    StateColumn("status", label=_("Status"), sort_key="live"),
    DateColumn(
        "latest_revision_created_at", label=_("Changed on"), sort_key="latest_revision_created_at", classname=SECONDARY
    ),
]
