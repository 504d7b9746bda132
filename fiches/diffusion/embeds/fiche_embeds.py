"""The embeds of the fiches: their map, their list, one fiche."""

from typing import Any

import orjson
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fiches.diffusion.embeds import Contents, Element, Embed, register_embed
from fiches.diffusion.embeds.embed_contents import credits_of, page_contents, public_page
from fiches.diffusion.renditions import absolute
from fiches.formats import thousands
from fiches.models import FicheIndexPage, FichePage
from fiches.pages import outline_map
from fiches.publications import ledger
from fiches.query.fiche_filter import FicheFilter

# Parameters that the link back to our site drops.
LEFT_OUT = ("page", "par_page")


def register() -> None:
    """Registers the map, the list and the single fiche; called from ``AppConfig.ready()``."""
    register_embed(map_embed("carte", ordre=1))
    register_embed(
        Embed(
            "liste",
            gettext_lazy("the list"),
            read_list,
            ordre=2,
            hauteur=720,
            cartes=3,
            filtres=True,
            pages=(FicheIndexPage,),
        )
    )
    register_embed(
        Embed(
            "fiche",
            gettext_lazy("one fiche"),
            read_fiche,
            ordre=3,
            hauteur=960,
            une_page=True,
            gabarit="diffusion/integration/_fiche.html",
            pages=(FichePage,),
        )
    )


def map_embed(nature: str, **kwargs: Any) -> Embed:
    """Returns the Embed of the map under the name ``nature``; a host registers another one for its own pages.

    :param kwargs: other fields of the Embed.
    """
    return Embed(
        nature,
        gettext_lazy("the map"),
        read_map,
        hauteur=640,
        filtres=True,
        en_cadre=True,
        gabarit="diffusion/integration/_carte.html",
        **kwargs,
    )


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
        "points": outline_map.dots(fiche_filter.rows()),
        "sans_tuiles": True,
    }
    return contents


def read_fiche(query: QueryDict, slug: str) -> Contents:
    """Returns the Contents of one fiche.

    :param slug: slug, former slug or UUID.
    :raises Http404: when there is no such public fiche.
    """
    fiche = public_page(ledger.FICHE, slug)
    more = {"credits": credits_of([fiche]), "context": {"fiche": fiche}}
    return page_contents(fiche, query, fiche_card(fiche), _("Read the whole fiche"), **more)


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


def _contents(fiche_filter: FicheFilter, index: FicheIndexPage) -> Contents:
    fiches = [orjson.loads(text) for text in ledger.contents("fiche", fiche_filter.page_ids).values()]
    query = fiche_filter.querystring(sans=LEFT_OUT)
    base = absolute(index.full_url or "/") if index else settings.WAGTAILADMIN_BASE_URL
    text = ngettext("See the %(count)s innovation", "See the %(count)s innovations", fiche_filter.count)
    return Contents(
        titre=fiche_filter.sentence(),
        url=f"{base}?{query}" if query else base,
        suite=text % {"count": thousands(fiche_filter.count)} if fiche_filter.count else "",
        elements=[fiche_card(fiche) for fiche in fiches],
        vide=_("No innovation answers these filters at present."),
        errors=fiche_filter.errors,
        question=fiche_filter.querystring(sans=("page",)),
        credits=credits_of(fiches),
    )
