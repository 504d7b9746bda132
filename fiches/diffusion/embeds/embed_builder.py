"""View of the embed builder at ``/integration/``: a web master chooses an embed, sees it, and copies its code."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fiches import content_language
from fiches.diffusion.embeds.embed_codes import Codes
from fiches.diffusion.embeds.forms import BuilderForm, known_titles
from fiches.query.fiche_filter import FicheFilter

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Embed


@require_safe
def builder(request: HttpRequest) -> HttpResponse:
    form = BuilderForm(request.GET)
    form.is_valid()
    fiche_filter = FicheFilter.parse(form.question)
    context = {
        "form": form,
        "apparence": [form[name] for name in ("theme", "accent", "largeur", "hauteur")],
        "recherche": fiche_filter,
        "facettes": fiche_filter.facets(),
        "titres": known_titles(fiche_filter),
        "erreurs_de_filtre": fiche_filter.errors,
        **_result(request, form, fiche_filter),
    }
    return render(request, "diffusion/integration/atelier.html", context)


def _result(request: Any, form: Any, fiche_filter: FicheFilter) -> Any:
    """Returns the context of the preview (``contenu``) and of the code to copy (``codes``, ``adresse``).

    Empty as long as no fiche is chosen for an embed of one fiche.
    """
    embed = form.embed
    slug = form.cleaned_data.get("nom", "") if embed.une_page else ""
    if embed.une_page and not slug:
        return {}
    question = _question(fiche_filter, embed)
    try:
        contents = embed.read(_query(question), slug) if slug else embed.read(_query(question))
    except Http404:
        return {}
    sizes = {**form.sizes, "height": form.sizes["height"] or embed.height_of(contents)}
    named = contents.titre if embed.une_page else ""
    codes = Codes(
        request, embed, slug=contents.uid or slug, named=named, question=question, look=form.look.parameters(), **sizes
    )
    return {
        "contenu": contents,
        "codes": codes,
        # WordPress and Wagtail turn an address that oEmbed supports into the embed; elsewhere it is a link to the page.
        "adresse": contents.url if embed.pages and contents.url and not form.look.parameters() else codes.address,
    }


def _question(fiche_filter: FicheFilter, embed: "Embed") -> list[Any]:
    """Returns ``[(parameter, value)]`` of the query, with ``langue`` if it isn't the default: an embed's path has no language."""
    with content_language.activated(content_language.default_language()):
        pairs = fiche_filter.parameters()
    return [(name, value) for name, value in pairs if name == "langue" or (embed.filtres and name != "page")]


def _query(question: list[Any]) -> QueryDict:
    return QueryDict(urlencode(question))
