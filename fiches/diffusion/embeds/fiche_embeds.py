"""The embeds of the fiches: their map, their list, one fiche."""

from typing import Any

import orjson
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.diffusion.embeds import Contents, Element, Embed, page_contents, public_page, register_embed
from fiches.diffusion.renditions import absolute
from fiches.models import FicheIndexPage, FichePage
from fiches.pages import outline_map
from fiches.publications import ledger
from fiches.query.fiche_filter import FicheFilter

FRAME_OF_ONE = "diffusion/integration/cadre_fiche.html"


def register() -> None:
    """Registers the map, the list and the single fiche; called from ``AppConfig.ready()``."""
    lists, one = (FicheIndexPage,), (FichePage,)
    register_embed(map_embed("carte", ordre=1))
    register_embed(Embed("liste", gettext_lazy("the list"), read_list, 2, filtres=True, cartes=3, pages=lists))
    register_embed(
        Embed("fiche", gettext_lazy("one fiche"), read_fiche, 3, 960, une_page=True, gabarit=FRAME_OF_ONE, pages=one)
    )


def map_embed(nature: str, **kwargs: Any) -> Embed:
    """Returns the Embed of the map under the name ``nature``; a host registers another one for its own pages.

    :param kwargs: other fields of the Embed.
    """
    frame = "diffusion/integration/cadre_carte.html"
    return Embed(nature, gettext_lazy("the map"), read_map, hauteur=640, filtres=True, gabarit=frame, **kwargs)


def read_list(query: QueryDict) -> Contents:
    """Returns the Contents of the list: the first fiches that match, as many as ``par_page`` says."""
    return _contents(FicheFilter.parse(query), index_page())


def read_map(query: QueryDict) -> Contents:
    """Returns the Contents of the map: all matching fiches as points, and the first ones as cards."""
    fiche_filter, index = FicheFilter.parse(query), index_page()
    contents = _contents(fiche_filter, index)
    contents.context = {
        "recherche": fiche_filter,
        "page": index,
        "points": outline_map.dots(fiche_filter.places()),
        "sans_tuiles": True,
    }
    return contents


def read_fiche(query: QueryDict, slug: str) -> Contents:
    """Returns the Contents of one fiche.

    :param slug: slug, former slug or UUID.
    :raises Http404: when there is no such public fiche.
    """
    fiche = public_page(ledger.FICHE, slug)
    return page_contents(fiche, query, fiche_card(fiche), credits=credits_of([fiche]), context={"fiche": fiche})


def index_page() -> FicheIndexPage:
    """Returns the public list of fiches in the active language, or None."""
    return FicheIndexPage.objects.registered().visible().here().first()


def fiche_card(fiche: dict[str, Any]) -> Element:
    """Returns the card of a fiche, from its API contents."""
    place = f"{fiche['commune']} ({fiche['departement']})" if fiche["commune"] else ""
    criteria = [critere["nom"] for dimension in fiche["grille"] for critere in dimension["criteres"]]
    prizes = [prize["categorie"] for prize in fiche["prix"]]
    return Element(
        titre=fiche["titre"],
        url=fiche["url"],
        sur=fiche["organisation"],
        texte=fiche["chapo"],
        pied=[fact for fact in (place, *criteria) if fact],
        marques=prizes + ([_("example")] if fiche["exemple"] else []),
        image=fiche["photo"],
    )


def credits_of(fiches: list[Any]) -> list[str]:
    """Returns the credit lines of the funders of these fiches (API contents), each once, in the wording that they require."""
    wordings = (
        funder["mention"] or _("With the financial support of %(funders)s.") % {"funders": funder["nom"]}
        for fiche in fiches
        for funder in fiche["financeurs"]
    )
    return list(dict.fromkeys(wordings))


def _contents(fiche_filter: FicheFilter, index: FicheIndexPage) -> Contents:
    fiches = [orjson.loads(text) for text in ledger.contents("fiche", fiche_filter.page_ids).values()]
    query = fiche_filter.querystring(sans=("page", "par_page"))
    base = absolute(index.full_url or "/") if index else settings.WAGTAILADMIN_BASE_URL
    return Contents(
        titre=fiche_filter.sentence(),
        url=f"{base}?{query}" if query else base,
        elements=[fiche_card(fiche) for fiche in fiches],
        errors=fiche_filter.errors,
        question=fiche_filter.querystring(sans=("page",)),
        credits=credits_of(fiches),
    )
