"""Embeds: parts of this site that other sites show, as an iframe or by oEmbed.

Each kind of embed is declared once, with :func:`register_embed`. The builder at ``/integration/``, the framed page at
``/integration/<nature>/``, oEmbed and the statistics of reach use that declaration. Another app declares its own from ``AppConfig.ready()``, if ``fiches.diffusion`` is installed::

    from fiches.diffusion.embeds import Contents, Element, Embed, register_embed

    def read(query):  # a QueryDict, without the parameters of the look (theme, accent)
        elements = [Element(titre=…, url=…, sur=…, texte=…, pied=[…], marques=[…], image=…) for … in …]
        return Contents(titre=_("Reports of 2013"), url=absolute_address_of_this_list_on_our_site, elements=elements)

    register_embed(Embed("rapports", _("the reports"), read, ordre=5, pages=(ReportPage,)))

Everything that ``read`` returns is published: it must read ``visible()`` pages only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from fiches.diffusion.page_lookup import key_named
from fiches.publications import ledger
from fiches.query import parsers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Element:
    """A card in an embed: a fiche, an étape. Its texts are plain text, its addresses absolute."""

    titre: str
    url: str
    # The line above the title: the organisation, or the date.
    sur: str = ""
    texte: str = ""
    # Short facts below the text: a place, criteria.
    pied: list[str] = field(default_factory=list)
    # Badges: a prize, « annulée », « exemple ».
    marques: list[str] = field(default_factory=list)
    # As :func:`fiches.diffusion.renditions.picture_resource` returns it.
    image: dict | None = None


@dataclass
class Contents:
    """The current contents of an embed."""

    # A line that says what is shown: « 12 innovations, dans le Doubs ».
    titre: str
    # Address of the complete page on our site, for the link back.
    url: str
    elements: list[Element] = field(default_factory=list)
    # ``{parameter: message}``, translated; when there are errors, they are shown and the elements aren't.
    errors: dict[str, str] = field(default_factory=dict)
    # The query string in canonical form (for an embed of one page: its slug), which identifies the embed in the reports.
    question: str = ""
    # For an embed of one page: the page's UUID, used in the code to copy, so that it survives a change of slug.
    uid: str = ""
    # The funders' credit lines, in their wording; those of the rally's funders when empty.
    credits: list[str] = field(default_factory=list)
    # Additional context for the embed's template.
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Embed:
    """A kind of embed."""

    # Its name in URLs.
    nature: str
    # Its label in the builder: a lazy translation.
    libelle: "StrOrPromise"
    # ``read(query)`` returns the Contents; ``read(query, slug)`` for an embed of one page, which raises Http404 if the page isn't
    # public.
    read: Callable[..., Contents]
    # Position in the builder; 0: the builder doesn't offer it, and it is only available by its URL and by oEmbed.
    ordre: int = 0
    # Height of the iframe in pixels: that of the highest contents, so that their credit shows at any width; 0 for a list of cards.
    hauteur: int = 0
    # Whether it takes the query language of the fiches; the builder then shows the filters.
    filtres: bool = False
    # Number of cards in the frame of a pasted address (oEmbed) that says no ``par_page``; 0: all.
    cartes: int = 0
    # Whether it shows one page, named in the URL by its slug, a former slug or its UUID: ``/integration/<nature>/<slug>/``.
    une_page: bool = False
    # Template of the framed page, whose context has ``contenu`` (the Contents), ``embed`` and ``apparence``.
    gabarit: str = "diffusion/integration/cadre.html"
    # Page models whose addresses oEmbed turns into this embed.
    pages: tuple[type, ...] = ()

    def height_of(self, contents: Contents, width: int) -> int:
        """Returns the height in pixels of an iframe of this width, in which the highest cards need not scroll."""
        around, card = (300, 388) if width < 360 else (270, 262)
        return self.hauteur or around + card * max(1, len(contents.elements))


_embeds: dict[str, Embed] = {}


def register_embed(embed: Embed) -> None:
    """Adds a kind of embed; called from ``AppConfig.ready()``."""
    _embeds[embed.nature] = embed


def embeds() -> list[Embed]:
    """Returns the registered embeds, in the order of the builder."""
    return sorted(_embeds.values(), key=lambda embed: embed.ordre)


def embed_named(nature: str) -> Embed | None:
    """Returns the Embed of that name, or None."""
    return _embeds.get(nature)


def public_page(kind: str, slug: str) -> dict[str, Any]:
    """The API contents of a public page.

    :param kind: its kind in the register.
    :param slug: slug, former slug or UUID.
    :raises Http404: when there is no such public page.
    """
    pk = key_named(kind, slug)
    text = pk and ledger.contents(kind, [pk]).get(pk)
    if not text:
        raise Http404
    return orjson.loads(text)


def page_contents(page: dict[str, Any], query: QueryDict, card: Element, **more: Any) -> Contents:
    """The Contents of an embed of one page.

    :param page: the result of :func:`public_page`.
    :param more: other fields of the Contents.
    """
    named = {"titre": page["titre"], "url": page["url"], "question": page["slug"], "uid": page["uid"]}
    return Contents(**named, elements=[card], errors=unknown_parameters(query), **more)


def unknown_parameters(query: QueryDict, but: tuple[str, ...] = ()) -> dict[str, str]:
    """``{parameter: message}`` for the parameters of an embed that takes no query, or those in ``but`` only."""
    unknown = [name for name in query if name not in but and not parsers.is_ignored(name)]
    return {parsers.shown(name): _("There is no such filter here.") for name in unknown}
