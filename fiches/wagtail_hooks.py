"""Wagtail hooks of the core: snippets and menus, admin URLs, panels of the home page, bulk actions, the pages' contexts."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractUser, Permission
from django.db.models import QuerySet
from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem, WorkflowMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from fiches.admin import bulk_actions, innovation, outbox_list
from fiches.admin.bulk_actions import IN_BULK
from fiches.admin.choosers import approved_fiche_chooser
from fiches.admin.dashboard import TasksPanel
from fiches.admin.importation import views as vues_d_import
from fiches.admin.record_lists import ModeleDeCourrielViewSet, PartenaireViewSet, SubscriberViewSet
from fiches.admin.viewsets import FicheListingViewSet, StockPageViewSet, fiche_viewset
from fiches.mail import subscriptions
from fiches.media import access, admin_api
from fiches.models import Dimension, Edition, FichePage, rich_text
from fiches.models.revisions import RevisedWhenChanged
from fiches.moderation import permissions
from fiches.moderation.inverse_acts import BACK_IN_REVIEW, BACK_ONLINE
from fiches.moderation.roles import WORKFLOW
from fiches.pages import colours
from fiches.pages.cards import fiches_context
from fiches.pages.picture_renditions import pictures_context
from fiches.publications import receivers
from fiches.query.admin_viewsets import RechercheVaineViewSet, SynonymeViewSet
from fiches.query.related_fiches import around_fiche
from fiches.territoire import lookup_views
from fiches.upkeep.personal_data import views as personal_data


class MenuItemOfSome(MenuItem):
    """A menu item for the users of whom ``shown(user)`` is true."""

    def __init__(self, *args: Any, shown: Callable[[Any], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.shown(request.user))


class DimensionViewSet(SnippetViewSet):
    model = Dimension
    icon = "table"
    menu_label = _("Grid")
    list_display = ["nom", "slug", "ordre"]
    ordering = ["ordre", "pk"]


class EditionViewSet(SnippetViewSet):
    model = Edition
    icon = "calendar-alt"
    menu_label = _("Editions")
    list_display = ["annee", "nom", "cloture"]


class RallyeViewSetGroup(SnippetViewSetGroup):
    """The rally's records, together in the menu."""

    items = (
        FicheListingViewSet,
        PartenaireViewSet,
        DimensionViewSet,
        EditionViewSet,
        SynonymeViewSet,
        RechercheVaineViewSet,
        ModeleDeCourrielViewSet,
    )
    menu_label = _("Rally")
    menu_icon = "site"
    menu_order = 150
    submenu_hook = "register_rallye_menu_item"


register_snippet(RallyeViewSetGroup)


@hooks.register(RallyeViewSetGroup.submenu_hook)
def import_in_the_menu() -> MenuItem:
    return MenuItemOfSome(
        _("Import fiches"),
        reverse("fiches_imports"),
        name="imports",
        icon_name="upload",
        order=1,
        shown=vues_d_import.may_import,
    )


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """The addresses of our screens. Also adds our rules to the permission policies of pages and media: this hook runs after all apps
    registered theirs."""
    access.register()
    permissions.register()
    return [
        *lookup_views.admin_urlpatterns,
        path("redaction/", include([*vues_d_import.urlpatterns, *outbox_list.urlpatterns, *innovation.urlpatterns])),
        path("donnees-personnelles/", personal_data.screen, name="fiches_donnees_personnelles"),
    ]


@hooks.register("insert_global_admin_css")
def editors_style() -> str:
    sheets = ((static(name),) for name in (colours.FILE, "fiches/admin/redaction.css"))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


hooks.register("register_rich_text_features", rich_text.register_passages)


@hooks.register("register_admin_viewset")
def fiche_views() -> Any:
    subscribers = [SubscriberViewSet()] if subscriptions.KINDS else []
    return [fiche_viewset, approved_fiche_chooser, *subscribers]


@hooks.register("register_admin_viewset", order=-1)
def views_of_other_pages() -> list[StockPageViewSet]:
    """The views of our other pages. Registered first: those of an app replace them. A model that a host derives from one of ours has
    those of ours."""
    ours = [model for model in apps.get_models() if issubclass(model, RevisedWhenChanged) and issubclass(model, Page)]
    derived = [model for model in ours if {*model.__mro__[1:]} & {*ours}]
    return [StockPageViewSet(model=model) for model in ours if model not in derived]


@hooks.register("insert_editor_js")
def autosave_script() -> str:
    return format_html('<script src="{}"></script>', static("fiches/admin/autosave.js"))


@hooks.register("insert_global_admin_js")
def ask_before_text_is_lost() -> str:
    return format_html('<script type="module" src="{}"></script>', static("fiches/admin/unsaved-text.js"))


@hooks.register("register_page_header_buttons")
def innovation_button(page: Page, user: AbstractUser, view_name: str, next_url: str | None = None) -> Iterator[Any]:
    """Adds a button to a fiche's form that leads to the screen of its innovation."""
    if view_name == "edit" and isinstance(page, FichePage):
        yield Button(
            _("Read and decide"), reverse("fiches_innovation", args=[page.pk]), icon_name="history", priority=6
        )


@hooks.register("construct_homepage_panels")
def replace_homepage_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [panel for panel in panels if type(panel) is not WorkflowObjectsToModeratePanel]
    panels.append(TasksPanel())


@hooks.register("construct_page_chooser_queryset")
def choose_among_what_is_seen(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """Limits the page chooser to the pages that the explorer shows to the user, and the public ones."""
    return pages.filter(pk__in=permissions.readable_pages(request.user).values("pk"))


@hooks.register("construct_explorer_page_queryset")
def explore_what_is_seen(parent_page: Page, pages: QuerySet, request: Any) -> QuerySet:
    """Raises PermissionDenied if the user may not explore the page of the address. Annotates the pages with what their « Translate »
    button reads, which Wagtail would query page by page when i18n is off."""
    permissions.refuse_unexplored(request.user, parent_page.pk)
    return pages.annotate_has_untranslated_locale()


hooks.register("after_bulk_action", receivers.moved_in_bulk)


@hooks.register("construct_admin_api", order=1000)
def api_of_what_is_seen(router: Any) -> None:
    """Replaces endpoints of the admin's API. Runs after Wagtail registered its own (``order``)."""
    admin_api.register(router)


class SubmitForReview(SubmitForModerationMenuItem):
    """The menu item « Submit for review » of the pages whose workflow is ours: Wagtail's shows the workflow's name, which mentions
    fiches even on an étape. A host's own workflow keeps its name."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        workflow = (page if page and page.pk else context["parent_page"]).get_workflow()
        if workflow is None or workflow.name != WORKFLOW:
            return context
        state = page.current_workflow_state if page else None
        again = state and state.status == state.STATUS_NEEDS_CHANGES
        return {**context, "label": _("Submit again for review") if again else _("Submit for review")}


class DecideMenuItem(ActionMenuItem):
    """The link to the one screen where a page under review is decided on."""

    name = "action-decide"
    label = _("Read and decide")
    icon_name = "success"

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("fiches_innovation", args=[parent_context["page"].pk])


@hooks.register("construct_page_action_menu")
def menu_of_the_review(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Replaces the decisions of a review by the link to their screen. A host's own step keeps the other actions that it has."""
    decisions = [item for item in items if isinstance(item, WorkflowMenuItem) and item.name in innovation.FORMS]
    if decisions and innovation.is_decided_there(context["page"]):
        items[:] = [*(item for item in items if item not in decisions), DecideMenuItem(order=decisions[0].order)]
    items[:] = [SubmitForReview(item.order) if type(item) is SubmitForModerationMenuItem else item for item in items]


hooks.register("register_fiche_index_context", fiches_context)
hooks.register("register_fiche_context", pictures_context, order=-1)


@hooks.register("register_log_actions")
def name_our_actions(actions: Any) -> None:
    actions.register_action(BACK_IN_REVIEW, _("Take the last decision back"), _("Last decision taken back"))
    actions.register_action(BACK_ONLINE, _("Put back online"), _("Put back online, as it was"))
    actions.register_action(IN_BULK, _("Edit in bulk"), _("Edited in bulk"))


@hooks.register("register_fiche_context")
def fiches_around(fiche: FichePage, request: HttpRequest) -> dict[str, Any]:
    """Context of a fiche's page: links to similar and near fiches, and to its neighbours in the search of the address."""
    return around_fiche(fiche, request.GET)


@hooks.register("before_delete_snippet")
def refuse_what_is_used(request: HttpRequest, records: list[Any]) -> HttpResponse | None:
    """Refuses to delete records that a protected foreign key refers to, with a message. Wagtail's reference index ignores
    one-to-one relations (an edition's palmarès), so its deletion would fail with an error."""
    if request.method != "POST":
        return None
    for record in records:
        try:
            Collector(using=record._state.db).collect([record])
        except ProtectedError:
            messages.error(request, gettext("“%(title)s” is used elsewhere: it can’t be deleted.") % {"title": record})
            return redirect(record.snippet_viewset.get_url_name("list"))
    return None


@hooks.register("register_reports_menu_item")
def outbox_in_the_menu() -> MenuItem:
    return MenuItemOfSome(
        _("Outbox"),
        reverse("fiches_boite_d_envoi"),
        name="courriels",
        icon_name="mail",
        order=880,
        shown=outbox_list.letters_seen_by,
    )


@hooks.register("register_settings_menu_item")
def personal_data_in_the_menu() -> MenuItem:
    return MenuItemOfSome(
        _("Personal data"),
        reverse("fiches_donnees_personnelles"),
        name="donnees-personnelles",
        icon_name="user",
        order=40,
        shown=lambda user: user.has_perm(personal_data.PERMISSION),
    )


@hooks.register("register_permissions")
def personal_data_permission() -> Any:
    return Permission.objects.filter(content_type__app_label="rallynov_fiches", codename="gerer_donnees_personnelles")


for bulk_action in bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=1000)
