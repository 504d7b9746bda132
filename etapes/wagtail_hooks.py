"""Wagtail hooks of the étapes: context of fiche pages, admin viewsets and URLs, confirmation of what is mailed to people."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from etapes.inscriptions import change_confirmation, organiser_views
from etapes.inscriptions.change_confirmation import (
    confirm_publication,
    refuse_publication_together,
    show_waiting_mails,
)
from etapes.models import EtapePage, PresentationDeFiche
from etapes.viewsets import EtapeListingViewSet, etape_viewset
from fiches import content_language
from fiches.publications.version import memoize

if TYPE_CHECKING:
    from etapes.viewsets import EtapeViewSet
    from fiches.models import FichePage


@hooks.register("register_fiche_context")
def etapes_of_a_fiche(fiche: "FichePage", request: HttpRequest) -> dict[str, list[EtapePage]]:
    """Returns ``{"etapes": [EtapePage]}``: the visible étapes that present ``fiche``, in road order."""
    by_fiche = memoize(("etapes-des-fiches", content_language.active_language()), etapes_by_fiche)
    return {"etapes": by_fiche.get(fiche.translation_key, [])}


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
def etape_views() -> "list[EtapeViewSet]":
    return [etape_viewset]


STAGE = "etapes/<int:pk>/"
PEOPLE = f"{STAGE}inscriptions/"


@hooks.register("register_admin_urls")
def organisers_urls() -> list[Any]:
    urls = [
        path(PEOPLE, organiser_views.index, name="etapes_inscriptions"),
        path(f"{PEOPLE}results/", organiser_views.index_results, name="etapes_inscriptions_results"),
        path(f"{PEOPLE}message/", organiser_views.write_announcement, name="etapes_inscriptions_message"),
        path(
            f"{PEOPLE}<int:inscription>/<slug:verbe>/",
            organiser_views.change_registration,
            name="etapes_inscriptions_agir",
        ),
        path(f"{STAGE}publier/", change_confirmation.confirm, name="etapes_publier"),
        path(f"{STAGE}approuver/<int:tache>/", change_confirmation.confirm, name="etapes_approuver"),
        path("etapes/arrivee/<uuid:cle>/", organiser_views.check_in, name="etapes_arrivee"),
    ]
    if apps.is_installed("fiches.diffusion"):
        from etapes import kit

        urls += [
            path(f"{STAGE}kit.pdf", kit.whole, name="etapes_kit"),
            path(f"{STAGE}emargement.pdf", kit.sign_in_sheet, name="etapes_emargement"),
        ]
    return urls


@hooks.register("register_page_header_buttons")
def registrations_button(page: Any, user: AbstractUser, view_name: str, next_url: str | None = None) -> Iterator[Any]:
    """Links an étape's form to the screen of its registrations."""
    if isinstance(page, EtapePage) and page.pk and page.permissions_for_user(user).can_edit():
        address = reverse("etapes_inscriptions", args=[page.pk])
        yield Button(_("Registrations and kit"), address, icon_name="group", priority=5)


@hooks.register("before_publish_page")
def confirm_before_mails(request: HttpRequest, page: Any) -> HttpResponse | None:
    return confirm_publication(request, page) if isinstance(page, EtapePage) else None


@hooks.register("before_approval")
def confirm_before_approval(request: HttpRequest, page: "FichePage | EtapePage", state: Any) -> HttpResponse | None:
    return confirm_publication(request, page, state) if isinstance(page, EtapePage) else None


@hooks.register("before_edit_page")
def show_mails_in_form(request: HttpRequest, page: Page) -> None:
    if request.method == "GET" and isinstance(page, EtapePage):
        show_waiting_mails(request, page)


@hooks.register("before_bulk_action", order=-1)
def confirm_before_mails_of_many(
    request: HttpRequest, action_type: str, pages: list[Any], action: Any
) -> HttpResponse | None:
    pages = [page for page in pages if isinstance(page, Page)]
    return refuse_publication_together(request, pages) if action_type == "publish" else None
