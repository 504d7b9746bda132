"""Wagtail hooks of the étapes: context of fiche pages, admin viewsets and URLs, refusals for étapes with registrations."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from etapes import admin_urls, etape_bulk_actions
from etapes.inscriptions import expiration
from etapes.inscriptions.change_confirmation import (
    confirm_approval,
    confirm_publication,
    refuse_publication_together,
    show_waiting_mails,
)
from etapes.inscriptions.past_dates import LOST_ITS_DATE, MOVED_TO_THE_PAST
from etapes.inscriptions.registration_guard import (
    back_url,
    privacy_refusal,
    refuse_deletion,
    refuse_to_move,
    refuse_to_unpublish,
)
from etapes.models import EtapePage, PresentationDeFiche
from etapes.save_warnings import remarks
from etapes.viewsets import EtapeListingViewSet, etape_index_viewset, etape_viewset
from fiches import content_language
from fiches.moderation.completeness import wrong_values
from fiches.publications.memo import memoize

if TYPE_CHECKING:
    from etapes.models import EtapeIndexPage
    from etapes.viewsets import EtapeIndexViewSet, EtapeViewSet
    from fiches.models import FichePage


@hooks.register("register_log_actions")
def name_what_the_history_tells(actions: Any) -> None:
    actions.register_action(MOVED_TO_THE_PAST, _("Move an étape to a past date"), _("Étape moved to a past date"))
    actions.register_action(LOST_ITS_DATE, _("Empty the date of an étape"), _("Date of the étape emptied"))


@hooks.register("register_fiche_context")
def etapes_of_a_fiche(fiche: "FichePage", request: HttpRequest) -> dict[str, list[EtapePage]]:
    """Returns ``{"etapes": [EtapePage]}``: the visible étapes that present ``fiche``, in road order."""
    now = timezone.now()
    by_fiche = memoize(("etapes-des-fiches", content_language.active_language()), etapes_by_fiche)
    etapes = by_fiche.get(fiche.translation_key, [])
    return {"etapes": [etape for etape in etapes if not etape.expire_at or etape.expire_at > now]}


def etapes_by_fiche() -> dict[UUID, list[EtapePage]]:
    """Returns ``{translation key of a fiche: [EtapePage]}``, in road order, in the active language. Two queries."""
    etapes = EtapePage.objects.visible().in_language().on_the_road().select_related("commune")
    etapes = {etape.pk: etape for etape in etapes.defer("programme", "compte_rendu")}
    links = PresentationDeFiche.objects.filter(etape__in=list(etapes)).values_list("etape", "fiche__translation_key")
    fiches = defaultdict(set)
    for etape, fiche in links:
        fiches[etape].add(fiche)
    by_fiche = defaultdict(list)
    for pk, etape in etapes.items():
        for fiche in fiches[pk]:
            by_fiche[fiche].append(etape)
    return dict(by_fiche)


@hooks.register("pages_also_edited_by")
def etapes_organised_by(user: Any) -> QuerySet:
    """The étapes that have one of the user's partners as an organiser."""
    return EtapePage.objects.filter(organisations__partenaire__membres=user).distinct()


@hooks.register("register_admin_viewset")
def etape_list() -> EtapeListingViewSet:
    return EtapeListingViewSet("etapes_admin")


@hooks.register("register_admin_viewset")
def etape_views() -> "list[EtapeIndexViewSet | EtapeViewSet]":
    return [etape_viewset, etape_index_viewset]


@hooks.register("register_admin_urls")
def organisers_urls() -> list[Any]:
    return admin_urls.urlpatterns


@hooks.register("register_page_header_buttons")
def registrations_button(page: Any, user: AbstractUser, view_name: str, next_url: str | None = None) -> Iterator[Any]:
    """Links an étape's form to the screen of its registrations."""
    if isinstance(page, EtapePage) and page.pk and page.permissions_for_user(user).can_edit():
        address = reverse("etapes_inscriptions", args=[page.pk])
        yield Button(_("Registrations and kit"), address, icon_name="group", priority=5)


@hooks.register("before_publish_page")
def confirm_before_mails(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Redirects to the confirmation if publishing the étape would mail registered people, or its date is past."""
    return confirm_publication(request, page) if isinstance(page, EtapePage) else None


@hooks.register("before_approval")
def confirm_before_approval(request: HttpRequest, page: "FichePage | EtapePage", state: Any) -> HttpResponse | None:
    return confirm_approval(request, page, state) if isinstance(page, EtapePage) else None


@hooks.register("before_edit_page")
def show_mails_in_form(request: HttpRequest, page: Page) -> None:
    """Shows in an étape's form whom a change will mail. Scheduled and bulk publications show nothing when they take place."""
    if request.method == "GET" and isinstance(page, EtapePage):
        show_waiting_mails(request, page)


@hooks.register("after_decision")
def show_mails_after_approval(request: HttpRequest, page: "FichePage | EtapePage") -> None:
    """Shows whom the approved change of an étape will mail."""
    if isinstance(page, EtapePage):
        show_waiting_mails(request, EtapePage.objects.get(pk=page.pk))


@hooks.register("before_bulk_action", order=-1)
def refuse_bulk_publication_that_mails(
    request: HttpRequest, action_type: str, pages: list[Any], action: Any
) -> HttpResponse | None:
    """Refuses to publish several pages at once if registered people would be mailed."""
    if action_type != "publish":
        return None
    pages = [page for page in pages if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [below for page in pages for below in page.get_descendants()]
    return refuse_publication_together(request, pages, action.next_url)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def show_remarks(request: HttpRequest, page: Page) -> None:
    """Shows errors and possible mistakes after somebody saved an étape; not after an autosave, whose answer shows no message."""
    if isinstance(page, EtapePage) and request.accepts("text/html"):
        if faults := wrong_values(page):
            text = _("To correct before it is published. %(what)s")
            messages.warning(request, text % {"what": " ".join(faults.values())})
        for remark in remarks(page):
            messages.warning(request, remark)


@hooks.register("before_delete_page")
def refuse_page_deletion(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Refuses to delete an étape that has active registrations: cancelling it mails them, deleting it does not."""
    return refuse_deletion(request, [page], back_url(page))


@hooks.register("before_move_page")
def nobody_counts_on_what_becomes_private(request: HttpRequest, page: Any, destination: Any) -> Any:
    return refuse_to_move(request, [page], destination, back_url(page))


@hooks.register("before_unpublish_page")
def refuse_page_unpublication(
    request: HttpRequest, page: "EtapeIndexPage | FichePage | EtapePage"
) -> HttpResponse | None:
    """Refuses to unpublish an étape that has active registrations, or a page above one."""
    return refuse_to_unpublish(request, [page], back_url(page))


hooks.register("before_expiry", expiration.stays_online)
hooks.register("before_set_privacy", privacy_refusal)


@hooks.register("before_bulk_action", order=-1)
def refuse_bulk_action(request: HttpRequest, action_type: str, pages: list[Any], action: Any) -> HttpResponse | None:
    """Refuses to delete or unpublish a selection that includes étapes with active registrations, and names them."""
    if action_type == "delete":
        return refuse_deletion(request, pages, action.next_url)
    if action_type == "unpublish":
        return refuse_to_unpublish(request, pages, action.next_url)
    if action_type == "move":
        return refuse_to_move(request, pages, action.cleaned_form.cleaned_data["chooser"], action.next_url)
    return None


for bulk_action in etape_bulk_actions.ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=1000)
