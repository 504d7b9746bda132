"""The embeds of the fiches: their map, their list, one fiche."""

import orjson
from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fiches.diffusion.chemins import key_named
from fiches.diffusion.embeds import Contents, Element, Embed, register_embed
from fiches.diffusion.embeds.credits import credits_of
from fiches.diffusion.images import absolute
from fiches.heures import thousands
from fiches.models import FicheIndexPage, FichePage
from fiches.pages import outline_map
from fiches.publications import ledger
from fiches.query import parametres
from fiches.query.filtre import FicheFilter

LEFT_OUT = ("page", "par_page")


def register():
    register_embed(
        Embed(
            "carte",
            gettext_lazy("the map"),
            read_map,
            ordre=1,
            hauteur=640,
            filtres=True,
            en_cadre=True,
            gabarit="diffusion/integration/_carte.html",
        )
    )
    register_embed(
        Embed("liste", gettext_lazy("the list"), read_list, ordre=2, hauteur=720, filtres=True, pages=(FicheIndexPage,))
    )
    register_embed(
        Embed(
            "fiche",
            gettext_lazy("one fiche"),
            read_fiche,
            ordre=3,
            hauteur=560,
            une_page=True,
            gabarit="diffusion/integration/_fiche.html",
            pages=(FichePage,),
        )
    )


def read_list(query):
    """The first fiches that answer, as many as ``par_page`` says."""
    return _contents(FicheFilter.parse(query), index_page())


def read_map(query):
    """Every fiche that answers, as points; the first ones by name."""
    found, index = FicheFilter.parse(query), index_page()
    contents = _contents(found, index)
    contents.context = {
        "recherche": found,
        "page": index,
        "points": outline_map.dots(found.rows()),
        "sans_tuiles": True,
    }
    return contents


def read_fiche(query, slug):
    """One fiche in a few lines.

    :raises Http404: when the public may not see it.
    """
    pk = key_named("fiche", slug)
    text = pk and ledger.contents("fiche", [pk]).get(pk)
    if not text:
        raise Http404
    fiche = orjson.loads(text)
    return Contents(
        titre=fiche["titre"],
        url=fiche["url"],
        suite=_("Read the whole fiche"),
        elements=[fiche_card(fiche)],
        errors=unknown_parameters(query),
        question=fiche["slug"],
        uid=fiche["uid"],
        credits=credits_of([fiche]),
        context={"fiche": fiche},
    )


def index_page():
    """The list of the fiches, or ``None`` where the public has none."""
    return FicheIndexPage.objects.registered().visible().in_language().first()


def unknown_parameters(query):
    """What is told to who gives a question to an embed that takes none."""
    return {
        parametres.shown(name): _("There is no such filter here.")
        for name in query
        if not parametres.IGNORED.fullmatch(name)
    }


def fiche_card(fiche):
    """The card of a fiche's contents."""
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


def _contents(found, index):
    fiches = [orjson.loads(text) for text in ledger.contents("fiche", found.page_ids).values()]
    query = found.querystring(sans=LEFT_OUT)
    base = absolute(index.full_url or "/") if index else settings.WAGTAILADMIN_BASE_URL
    text = ngettext("See the %(count)s innovation", "See the %(count)s innovations", found.count)
    return Contents(
        titre=found.sentence(),
        url=f"{base}?{query}" if query else base,
        suite=text % {"count": thousands(found.count)} if found.count else "",
        elements=[fiche_card(fiche) for fiche in fiches],
        vide=_("No innovation answers these filters at present."),
        errors=found.errors,
        question=found.querystring(sans=("page",)),
        credits=credits_of(fiches),
    )
