"""The search page and its suggestions."""

from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches import langues
from fiches.models import FicheIndexPage, Publication
from fiches.query import completion
from fiches.query.facettes import applied
from fiches.query.failed_searches import record_failed_search
from search.resultats import Recherche


@require_safe
def search(request):
    found = Recherche(request.GET, request)
    index_page = FicheIndexPage.objects.registered().visible().in_language().first() if found.fiches.count else None
    groups = found.groupes()
    context = {
        "recherche": found,
        "vignettes": found.vignettes(),
        "groupes": groups,
        "pages": found.pages.page(found.page) if found.genre and groups else None,
        "index_des_fiches": index_page,
        "filtres": applied(found.fiches) if found.restreinte else [],
    }
    response = render(request, "search/search.html", context)
    if found.q and not found.nombre:
        record_failed_search(found.q)
        add_never_cache_headers(response)  # each time that it is asked counts
    return response


@require_safe
@cache_control(public=True, max_age=60)
def suggestions(request):
    """``{"suggestions": [text]}``: titles of fiches in the language being read, then of the rest. One query."""
    read_here = ~Q(kind="fiche") | Q(language=langues.current()) if langues.is_multilingual() else Q()
    known = Publication.objects.visible().filter(read_here)
    return JsonResponse({"suggestions": completion.suggestions(request.GET.get("q", ""), known)})
