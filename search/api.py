"""The search over everything, in the partner API: what the site's own page finds."""

from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Router, Schema

from fiches import langues
from fiches.diffusion.api import langage, listes, register_router
from fiches.diffusion.api.problemes import QueryError
from fiches.diffusion.api.schemas import Liste, described
from fiches.models import FichePage, Publication
from fiches.query import parametres
from fiches.query.extraits import highlight
from fiches.query.filtre import FicheFilter
from search.resultats import GROUPS, Hit, Recherche

router = Router(tags=["recherche"])
FICHES = "fiches"
GROUP = langage.parameter(
    "genre", _("One group whole, page by page."), {"type": "string", "enum": [FICHES, *GROUPS]}, example="etapes"
)
ASKED = langage.query_language(GROUP, without=("curseur", "id", "uid", "exemple"))


class Resultat(Schema):
    genre: str = described(_("The group where it stands."), "etapes")
    id: int
    titre: str
    titre_html: str = described(_("The same, with the words that were looked for in mark elements."))
    url: str
    langue: str = described(_("Language of its words."), "fr")
    extrait: str = described(_("The passage of its text that has the words."))
    extrait_html: str = described(_("The same, with the words that were looked for in mark elements."))


class Groupe(Schema):
    genre: str = described(None, "etapes")
    libelle: str = described(_("The group in words."), "Étapes")
    count: int = described(_("How many it has in all."))


class Resultats(Liste):
    corrige: str = described(_("What was understood of words that nothing has as they are typed; else empty."))
    groupes: list[Groupe]
    items: list[Resultat] = described(_("The first of each group; with “genre”, those of one group, page by page."))


@router.get(
    "/recherche",
    response=Resultats,
    openapi_extra=ASKED,
    url_name="recherche",
    operation_id="rechercher",
    summary=_("Search over everything"),
    description=_(
        "Fiches, étapes, road books, pages and documents that have the words, in groups, as the site’s page shows them."
    ),
)
def search(request: HttpRequest) -> HttpResponse:
    code = parametres.langue(request.GET)[0] or langues.default_language()
    with langues.activated(code):
        if request.GET.get("genre") == FICHES:
            return _fiches_alone(request)
        found = Recherche(request.GET, request)
        if found.genre:
            _refuse_past_the_end(found.page, found.nombres.get(found.genre, 0), found.par_page)
        if found.errors:
            raise QueryError(found.errors)
        with override(code):
            groups = found.groupes()
            fiches = _hits(found.fiches) if found.est_posee and not found.genre else []
            counts = {FICHES: (_("Innovations"), found.fiches.count)} if fiches else {}
            counts |= {name: (str(GROUPS[name]), found.nombres[name]) for name in GROUPS if name in found.nombres}
    hits = [(FICHES, hit) for hit in fiches] + [(group.genre, hit) for group in groups for hit in group.hits]
    count = found.nombres.get(found.genre, 0) if found.genre else found.nombre
    return _answer(request, hits, counts, count, found.corrige, found.page, found.par_page if found.genre else count)


def _fiches_alone(request: HttpRequest) -> HttpResponse:
    """The group of the fiches whole."""
    query = request.GET.copy()
    del query["genre"]
    found = FicheFilter.parse(query)
    _refuse_past_the_end(found.page, found.count, found.par_page)
    if found.errors:
        raise QueryError(found.errors)
    with override(found.langue):
        counts = {FICHES: (_("Innovations"), found.count)} if found.count else {}
    hits = [(FICHES, hit) for hit in _hits(found)]
    corrected = found.words.corrige if found.words else ""
    return _answer(request, hits, counts, found.count, corrected, found.page, found.par_page)


def _refuse_past_the_end(number: int, count: int, size: int) -> None:
    """:raises QueryError: for a page past the last one."""
    if number > max(1, -(-count // size)):
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": number}})


def _hits(found: FicheFilter) -> list[Hit]:
    """The fiches of the page that ``found`` asks for. Two queries."""
    extracts, keys = found.extraits(), found.page_ids
    rows = {
        row.object_id: row for row in Publication.objects.filter(kind="fiche", object_id__in=keys).defer("contents")
    }
    pages = FichePage.objects.visible().defer("corps").in_bulk(keys)
    stems = found.words.stems if found.words else ()
    return [
        Hit(highlight(rows[pk].title, stems), "", extracts.get(pk, ""), found.langue, pk, pages[pk].full_url or "")
        for pk in keys
        if pk in rows and pk in pages
    ]


def _answer(
    request: HttpRequest,
    hits: list[tuple[str, Hit]],
    counts: dict[str, tuple[str, int]],
    count: int,
    corrected: str,
    number: int,
    size: int,
) -> HttpResponse:
    """:param counts: ``{group: (its name in words, how many it has)}``.
    :param size: of a page."""
    return listes.list_response(
        request,
        count=count,
        items=[_result(genre, hit) for genre, hit in hits],
        parameters=[(name, value) for name, values in request.GET.lists() for value in values if name != "page"],
        following=("page", number + 1) if number * size < count else None,
        preceding=("page", number - 1) if number > 1 else None,
        corrige=corrected,
        groupes=[{"genre": name, "libelle": label, "count": of_group} for name, (label, of_group) in counts.items()],
    )


def _result(genre: str, hit: Hit) -> dict[str, Any]:
    return {
        "genre": genre,
        "id": hit.id,
        "titre": _plain(hit.titre),
        "titre_html": str(hit.titre),
        "url": hit.url,
        "langue": hit.langue or langues.current(),
        "extrait": _plain(hit.extrait),
        "extrait_html": str(hit.extrait),
    }


def _plain(markup: str) -> str:
    return unescape(strip_tags(markup))


def register() -> None:
    """Called once, when Django starts."""
    register_router(router)
