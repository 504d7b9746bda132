"""Embeds: what a partner's web master shows of us on their own site, as a web component, a frame or an address.

Each kind of embed is declared once, with :func:`register_embed`; the builder at ``/integration/``, the framed page at
``/integration/<nature>/``, what the web component reads (``/integration/<nature>/contenu.json``), oEmbed and the reach
all follow from that. A room above declares its own from ``AppConfig.ready()``, where ``fiches.diffusion`` is installed::

    from fiches.diffusion.embeds import Contents, Element, Embed, register_embed

    def read(query):  # a QueryDict, without the parameters of the look (theme, accent)
        elements = [Element(titre=…, url=…, sur=…, texte=…, pied=[…], marques=[…], image=…) for … in …]
        return Contents(titre=_("Prizes of 2013"), url=absolute_address_of_the_same_on_our_site, elements=elements)

    register_embed(Embed("palmares", _("the prizes"), read, ordre=5, pages=(PalmaresPage,)))

Whatever ``read`` gives is public: it reads ``visible()`` pages only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CARDS = "diffusion/integration/_elements.html"


@dataclass(frozen=True)
class Element:
    """A card: a fiche, an étape, a prize. Plain texts; addresses are absolute."""

    titre: str
    url: str
    # One line above the title: who, or when.
    sur: str = ""
    texte: str = ""
    # Short facts below the text: a place, criteria.
    pied: list[str] = field(default_factory=list)
    # What stands out: a prize, « annulée », « exemple ».
    marques: list[str] = field(default_factory=list)
    # As :func:`fiches.diffusion.images.picture` gives it.
    image: dict | None = None


@dataclass
class Contents:
    """What one embed shows now."""

    # One line that says what is shown: « 12 innovations, dans le Doubs ».
    titre: str
    # The same, whole, on our site: where the link back leads.
    url: str
    elements: list[Element] = field(default_factory=list)
    # Text of the link back: « Voir les 34 innovations »; a general one when empty.
    suite: str = ""
    # What is said when there is nothing to show; a general text when empty.
    vide: str = ""
    # ``{parameter: what could not be read, in French}``: they are shown, and no element is.
    errors: dict[str, str] = field(default_factory=dict)
    # The question in its one canonical form (the slug, for an embed of one page): two ways to ask the same are one
    # embed in the reports.
    question: str = ""
    # Of an embed of one page, the page's identifier: what is copied names it so, and holds whatever the page is called
    # later.
    uid: str = ""
    # The funders' credit, as they ask for it; the rally's funders are thanked when empty.
    credits: list[str] = field(default_factory=list)
    # More for the embed's own template.
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Embed:
    """A kind of embed."""

    # Its name in addresses.
    nature: str
    # How the builder offers it: a lazy translation.
    libelle: str
    # ``read(query)``; ``read(query, slug)`` for an embed of one page, which raises Http404 for one that isn't public.
    read: Callable[..., Contents]
    # Place among those that the builder offers.
    ordre: int = 10
    # Height of its frame in pixels, unless the web master says otherwise.
    hauteur: int = 600
    # Takes the query language of the fiches: the builder shows its filters.
    filtres: bool = False
    # Shows one page, which its address names: ``/integration/<nature>/<slug>/``, or by its identifier. A name that it
    # had before still leads to it.
    une_page: bool = False
    # The web component shows it in a frame (a map), where it draws the others itself.
    en_cadre: bool = False
    # Whether the builder offers it; else it is reached by its address and by oEmbed.
    proposee: bool = True
    # Template of what stands in the frame, with ``contenu`` (the Contents), ``embed`` and ``apparence``.
    gabarit: str = CARDS
    # Page types whose addresses oEmbed turns into this embed.
    pages: tuple[type, ...] = ()


_embeds: dict[str, Embed] = {}


def register_embed(embed):
    """Called from ``AppConfig.ready()``."""
    _embeds[embed.nature] = embed


def embeds():
    return sorted(_embeds.values(), key=lambda embed: embed.ordre)


def embed_named(nature):
    """The embed of that name, or ``None``."""
    return _embeds.get(nature)
