"""The partner API's endpoint for the site-wide search, with the results of the search page."""

from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Router, Schema

from fiches import content_language
from fiches.diffusion.api import lists, openapi_parameters, register_router
from fiches.diffusion.api.problems import QueryError
from fiches.diffusion.api.schemas import CodeDeLangue, Liste, described
from fiches.diffusion.renditions import absolute
from fiches.models import FichePage, Publication
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter
from fiches.query.snippets import highlight
from search.search_results import GROUPS, Hit, Recherche

router = Router(tags=["recherche"])
FICHES = "fiches"
GROUP = openapi_parameters.parameter(
    "genre", _("One group whole, page by page."), {"type": "string", "enum": [FICHES, *GROUPS]}, example="etapes"
)
LIST_PARAMETERS = openapi_parameters.query_language(GROUP, without=("curseur", "id", "uid", "exemple"))


class Resultat(Schema):
    genre: str = described(_("The group where it stands."), "etapes")
    id: int
    titre: str
    titre_html: str = described(_("The same, with the words that were looked for in mark elements."))
    url: str
    langue: CodeDeLangue = described(_("Language of its words."), "fr")
    extrait: str = described(_("The passage of its text that has the words."))
    extrait_html: str = described(_("The same, with the words that were looked for in mark elements."))


class Groupe(Schema):
    genre: str = described(None, "etapes")
    libelle: str = described(_("The group in words."), "Étapes")
    count: int = described(_("How many it has in all."))


class Action(Schema):
    titre: str = described(None, "Proposer une innovation")
    phrase: str = described(_("What it is for."))
    url: str


class Resultats(Liste):
    actions: list[Action] = described(_("What one can do on the site that answers better than any result."))
    corrige: str = described(_("What was understood of words that nothing has as they are typed; else empty."))
    groupes: list[Groupe]
    items: list[Resultat] = described(
        _("The first of each group, the most relevant group first; with “genre”, those of one group, page by page.")
    )


@router.get(
    "/recherche",
    response=Resultats,
    openapi_extra=LIST_PARAMETERS,
    url_name="recherche",
    operation_id="rechercher",
    summary=_("Search over everything"),
    description=_(
        "Fiches, étapes, road books and pages that have the words, in groups, as the site’s page shows them."
    ),
)
def search(request: HttpRequest) -> HttpResponse:
    """Searches all groups, or one of them (``genre``), page by page."""
    code = parsers.langue(request.GET)[0] or content_language.default_language()
    query = request.GET.copy()
    with content_language.activated(code):
        if is_of_fiches := query.get("genre") == FICHES:
            del query["genre"]
            results: Recherche | FicheFilter = FicheFilter.parse(query)
        else:
            results = Recherche(query, request)
        with override(code):
            shown = _shown(results)
            actions = [
                {"titre": str(action.title), "phrase": str(action.sentence), "url": absolute(address)}
                for action, address in getattr(results, "site_actions", ())
            ]
    if results.errors:
        raise QueryError(results.errors)
    count = sum(number for _name, _label, number, _hits in shown)
    number, size = results.page, results.par_page if is_of_fiches or "genre" in query else count
    return lists.list_response(
        request,
        count=count,
        items=[_result(name, hit) for name, _label, _number, hits in shown for hit in hits],
        part=lists.Cut(
            [],
            following=("page", number + 1) if number * size < count else None,
            preceding=("page", number - 1) if number > 1 else None,
        ),
        corrige=results.corrige,
        actions=actions,
        groupes=[{"genre": name, "libelle": label, "count": of_group} for name, label, of_group, _hits in shown],
    )


def _shown(results: "Recherche | FicheFilter") -> list[tuple[str, str, int, list[Hit]]]:
    """``[(group, label, number of hits, hits shown)]`` in order."""
    fiches = results if isinstance(results, FicheFilter) else results.fiches
    groups = results.groupes if isinstance(results, Recherche) else []
    shown = [(group.genre, group.libelle, group.nombre, group.hits) for group in groups]
    is_with_fiches = isinstance(results, FicheFilter) or (results.est_posee and not results.genre)
    if is_with_fiches and (hits := _fiche_hits(fiches)):
        shown.insert(sum(group.is_first for group in groups), (FICHES, _("Innovations"), fiches.count, hits))
    return shown


def _fiche_hits(fiches: FicheFilter) -> list[Hit]:
    """The hits of the requested page of fiches. Two queries besides those of the filter."""
    extracts, keys = fiches.extraits(), fiches.page_ids
    rows = {
        row.object_id: row for row in Publication.objects.filter(kind="fiche", object_id__in=keys).defer("contents")
    }
    pages = FichePage.objects.visible().defer("corps").in_bulk(keys)
    marked = fiches.words.marked if fiches.words else set()
    return [
        Hit(highlight(rows[pk].title, marked), "", extracts.get(pk, ""), fiches.langue, pk, pages[pk].full_url or "")
        for pk in keys
        if pk in rows and pk in pages
    ]


def _result(genre: str, hit: Hit) -> dict[str, Any]:
    return {
        "genre": genre,
        "id": hit.id,
        "titre": _plain(hit.titre),
        "titre_html": str(hit.titre),
        "url": hit.url,
        "langue": hit.langue or content_language.active_language(),
        "extrait": _plain(hit.extrait),
        "extrait_html": str(hit.extrait),
    }


def _plain(markup: str) -> str:
    return unescape(strip_tags(markup))


def register() -> None:
    """Registers the endpoint. Called from ``AppConfig.ready()``."""
    register_router(router)
