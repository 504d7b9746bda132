"""The search page and its suggestions."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fiches.models import FicheIndexPage
from fiches.recherche.completion import completions
from fiches.recherche.facettes import applied
from fiches.recherche.texte import words
from fiches.recherche.vaines import record_vain
from search.entrees import entrees
from search.resultats import Recherche

MOST = 8


@require_safe
def search(request):
    found = Recherche(request.GET, request)
    index_page = FicheIndexPage.objects.visible().in_language().first() if found.fiches.count else None
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
        record_vain(found.q)
        add_never_cache_headers(response)  # each time that it is asked counts
    return response


@require_safe
@cache_control(public=True, max_age=60)
def suggestions(request):
    """``{"suggestions": [text]}``: titles of fiches, then of the rest. One query."""
    typed = request.GET.get("q", "")
    return JsonResponse({"suggestions": (completions(typed) + _titles(typed))[:MOST]})


def _titles(typed):
    begun = words(typed[:200])
    if len("".join(begun)) < 2:
        return []
    found = entrees()
    visible = bin(found.visibles())[:1:-1].ljust(len(found.lignes), "0")
    return [
        ligne.titre
        for slot, ligne in enumerate(found.lignes)
        if visible[slot] == "1" and all(f" {word}" in f" {ligne.repere}" for word in begun)
    ][:MOST]
