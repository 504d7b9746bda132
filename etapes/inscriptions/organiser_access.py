"""Shared by the organisers' screens of an étape: permission checks, and the context of the admin frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from etapes.inscriptions.date_and_place import when, where
from etapes.models import EtapePage
from fiches import content_language


def of_an_etape(check: Callable[..., Any]) -> Callable[..., Any]:
    """View decorator: replaces ``pk`` by the étape, after calling ``check(user, etape)``, which may raise PermissionDenied.

    A translation's pk gives the original étape, which holds the registrations. Responses are never cached.
    """

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        @never_cache
        @wraps(view)
        def wrapped(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            etapes = EtapePage.objects.with_places().select_related("commune")
            etape = get_object_or_404(etapes, pk=pk)
            original = content_language.original_key(etape)
            if original != pk:
                etape = etapes.get(pk=original)
            check(request.user, etape)
            return view(request, etape, **kwargs)

        return wrapped

    return decorator


def check_organiser(user: AbstractUser | AnonymousUser, etape: EtapePage) -> None:
    """:raises PermissionDenied: ``user`` may not edit the étape."""
    if not etape.permissions_for_user(user).can_edit():
        raise PermissionDenied


# View decorator for users who may edit the étape: its organisers and the rally's staff.
organiser_required = of_an_etape(check_organiser)


def frame(etape: EtapePage, title: str, **context: Any) -> Any:
    """The context of a screen: breadcrumbs, titles, date and place of the étape, and ``context``."""
    crumbs = [
        {"url": reverse("etapes_admin:index"), "label": _("Étapes")},
        {"url": reverse("wagtailadmin_pages:edit", args=[etape.pk]), "label": etape.title},
        {"url": reverse("etapes_inscriptions", args=[etape.pk]), "label": _("Registrations")},
    ]
    return {
        "etape": etape,
        "breadcrumbs_items": [*crumbs, *([{"url": "", "label": title}] if title != _("Registrations") else [])],
        "header_title": title,
        "page_title": title,
        "header_icon": "group",
        "quand": when(etape),
        "ou": where(etape),
        **context,
    }
