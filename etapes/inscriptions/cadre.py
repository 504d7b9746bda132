"""What the organisers' screens of an étape share: who may open them, and what is around them."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from etapes.inscriptions.rendez_vous import when, where
from etapes.models import EtapePage
from fiches import langues


def of_an_etape(check):
    """Gives the view the étape, once ``check(user, etape)`` has raised nothing. For a translation, the étape that it
    translates: people are registered there."""

    def decorator(view):
        @never_cache
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            etapes = EtapePage.objects.with_places().select_related("commune")
            etape = get_object_or_404(etapes, pk=pk)
            original = langues.original_key(etape)
            if original != pk:
                etape = etapes.get(pk=original)
            check(request.user, etape)
            return view(request, etape, **kwargs)

        return wrapped

    return decorator


def check_organiser(user, etape):
    """:raises PermissionDenied: this étape is not theirs."""
    if not etape.permissions_for_user(user).can_edit():
        raise PermissionDenied


# For whoever may change the étape: its organisers, and the rally's staff.
organised = of_an_etape(check_organiser)


def frame(etape, title, **context):
    """What each screen has around it."""
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
