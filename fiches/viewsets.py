"""The fiches in the admin: their list, their place in the explorer, and the views that take decisions in turn."""

import django_filters
from django.db.models import IntegerField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.models import WorkflowState, get_default_page_content_type

from fiches.models import ApprobationTask, FichePage, RelectureTask
from fiches.views_moderation import (
    FicheCollectWorkflowActionDataView,
    FicheEditView,
    FicheRevertView,
    FicheWorkflowActionView,
    one_at_a_time,
)


def review_step(fiche):
    """« Relecture », « Approbation », or that corrections are awaited."""
    state = fiche.current_workflow_state
    if state is None or state.current_task_state is None:
        return ""
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("corrections asked for")
    return state.current_task_state.task.name


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label=_("Innovation"), sort_key="title", classname="title"),
    Column("organisation", label=_("Organisation"), sort_key="organisation"),
    Column("departement", label=_("Département"), accessor="get_departement_display", sort_key="departement"),
    Column("partenaire", label=_("Partner"), accessor="partenaire.nom_court"),
    Column("review_step", label=_("Review"), accessor=review_step),
    DateColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
    PageStatusColumn("status", label=_("Status"), sort_key="live"),
]


class ReviewFilter(django_filters.ChoiceFilter):
    """The step of the review at which a fiche stands."""

    STEPS = {"relecture": RelectureTask, "approbation": ApprobationTask}

    def __init__(self, *args, **kwargs):
        choices = [
            ("relecture", _("to read")),
            ("approbation", _("to approve")),
            ("corrections", _("corrections asked for")),
        ]
        super().__init__(*args, choices=choices, **kwargs)

    def filter(self, queryset, value):
        if value in self.STEPS:
            task = {"current_task_state__task__in": self.STEPS[value].objects.values("pk")}
            states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, **task)
        elif value == "corrections":
            states = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
        else:
            return queryset
        # Cast, since PostgreSQL doesn't compare a number with the text in which a state names its page.
        pages = states.filter(base_content_type=get_default_page_content_type())
        return queryset.filter(pk__in=pages.values(number=Cast("object_id", IntegerField())))


class FicheFilterSet(PageFilterSet):
    etape_de_relecture = ReviewFilter(label=_("Review"))

    class Meta:
        model = FichePage
        fields = ["departement", "sphere", "statut", "edition", "partenaire", "live", "exemple"]


class ReadsPartners:
    """A list that reads the partners of all its fiches at once."""

    def annotate_queryset(self, pages):
        return super().annotate_queryset(pages).prefetch_related("partenaire")


class FicheIndexView(ReadsPartners, IndexView):
    """The fiches as a flat list."""


class FicheExplorerView(ReadsPartners, ExplorableIndexView):
    """The fiches below their list, in the explorer."""


class FicheListingViewSet(PageListingViewSet):
    """All the fiches that somebody may see, whatever their place in the tree."""

    model = FichePage
    index_view_class = FicheIndexView
    icon = "doc-full-inverse"
    menu_label = _("Fiches")
    name = "fiches"
    url_namespace = "fiches_admin"
    url_prefix = "fiches"
    columns = COLUMNS
    filterset_class = FicheFilterSet
    list_export = ["title", "organisation", "departement", "partenaire", "live", "latest_revision_created_at"]


class FicheViewSet(PageViewSet):
    """A fiche's own views; every decision, edit or deletion of one fiche comes after the other."""

    model = FichePage
    index_view_class = FicheExplorerView
    columns = COLUMNS
    filterset_class = FicheFilterSet
    edit_view_class = FicheEditView
    revisions_revert_view_class = FicheRevertView
    workflow_action_view_class = FicheWorkflowActionView
    collect_workflow_action_data_view_class = FicheCollectWorkflowActionDataView

    def get_view_by_name(self, name):
        return one_at_a_time(super().get_view_by_name(name))


fiche_viewset = FicheViewSet()
