"""Checks that the site is ready to take dossiers and tips; until then, the public forms are closed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches.models import Critere, FicheIndexPage, Publication
from fiches.models.publications import PAGE
from fiches.models.querysets import VisibleQuerySet

# A setting and its default: slugs of the pages that say who keeps the data. One complete, published page is enough.
PRIVACY_PAGES = "RALLYNOV_PRIVACY_PAGES", ("confidentialite", "mentions-legales")
# What the drafts of a new site say (`manage.py creer_site`) where the publisher must write their own facts.
TO_COMPLETE = "À compléter"


def missing_before_call() -> list[str]:
    """Returns what the site lacks before it may collect data, in words for the staff; empty if nothing is missing. One query."""
    slugs = getattr(settings, *PRIVACY_PAGES)
    privacy_page = _("a published privacy page or legal notice with nothing left to complete (address: %(slugs)s)")
    needed: dict[str, QuerySet] = {
        privacy_page % {"slugs": ", ".join(slugs)}: completed(VisibleQuerySet(Page).visible().filter(slug__in=slugs)),
        _("the grid, with at least one criterion"): Critere.objects.all(),
        _("the list of the fiches"): FicheIndexPage.objects.all(),
    }
    # The root of the pages always exists: its row carries the three answers.
    answers = Page.objects.filter(depth=1).values_list(*(Exists(found) for found in needed.values())).first()
    return [words for words, is_there in zip(needed, answers or [False] * len(needed), strict=True) if not is_there]


def completed(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Returns the public pages whose text has no ``TO_COMPLETE``."""
    unfinished = Publication.objects.filter(kind=PAGE, object_id=OuterRef("pk"), text__contains=TO_COMPLETE)
    return pages.exclude(Exists(unfinished))


def require_readiness(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates the view of a public form: answers with the page “not open yet” as long as something is missing."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if missing_before_call():
            return render(request, "candidatures/pas_ouvert.html")
        return view(request, *args, **kwargs)

    return wrapped
