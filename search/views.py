"""The search page and its suggestions."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from fiches import content_language, content_site
from fiches.models import FicheIndexPage, Publication
from fiches.publications.responses import versioned
from fiches.query import completion
from fiches.query.search_terms import record_failed_search
from fiches.query.summary import applied
from search.search_results import Recherche


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The search page. Records a search without results."""
    results = Recherche(request.GET, request)
    leads_to_fiches = results.fiches.count or not results.nombre
    index_page = FicheIndexPage.objects.registered().visible().here().first() if leads_to_fiches else None
    groups = results.groupes
    context = {
        "recherche": results,
        "vignettes": results.vignettes(),
        "groupes": groups,
        "pages": results.pages.page(results.page) if results.genre and groups else None,
        "index_des_fiches": index_page,
        "filtres": applied(results.fiches) if results.restreinte else [],
    }
    response = render(request, "search/search.html", context)
    if results.q and not results.nombre and not results.site_actions:
        record_failed_search(results.q)
        add_never_cache_headers(response)  # each failed search must reach the site and be counted
    return response


@require_safe
@versioned
def suggestions(request: HttpRequest) -> HttpResponse:
    """JSON ``{"suggestions": [text]}``: titles of fiches in the active language, then of other pages, then themes and places."""
    in_language = (
        ~Q(kind="fiche") | Q(language=content_language.active_language()) if content_language.is_multilingual() else Q()
    )
    publications = content_site.narrow(Publication.objects.visible().filter(in_language))
    return JsonResponse({"suggestions": completion.suggestions(request.GET.get("q", ""), publications)})
