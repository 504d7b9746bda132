"""Checks that the site is ready to take dossiers and tips; until then, the public forms are closed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches.candidatures.draft_fiche import fiche_index
from fiches.models import Critere
from fiches.models.querysets import VisibleQuerySet

# A setting and its default: slugs of the pages that say who keeps the data. One published page is enough.
PRIVACY_PAGES = "RALLYNOV_PRIVACY_PAGES", ("confidentialite", "mentions-legales")


def what_is_missing() -> list[str]:
    """Returns what the site lacks before it may collect data, in words for the staff; empty if nothing is missing."""
    slugs = getattr(settings, *PRIVACY_PAGES)
    needed = {
        _("a published privacy page or legal notice (address: %(slugs)s)")
        % {"slugs": ", ".join(slugs)}: VisibleQuerySet(Page).visible().filter(slug__in=slugs).exists(),
        _("the grid, with at least one criterion"): Critere.objects.exists(),
        _("the list of the fiches"): fiche_index() is not None,
    }
    return [words for words, is_there in needed.items() if not is_there]


def require_readiness(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates the view of a public form: answers with the page “not open yet” as long as something is missing."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if what_is_missing():
            return render(request, "candidatures/pas_ouvert.html")
        return view(request, *args, **kwargs)

    return wrapped
