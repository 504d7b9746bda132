"""What one can do on the site: the forms and lists that are no editorial pages, found by the words that people use for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from etapes.carnets.models import CarnetIndexPage
from etapes.models import EtapeIndexPage
from fiches import content_language
from fiches.models import FicheIndexPage
from fiches.publications.text_analysis import Query, stems
from fiches.query.page_wordings import register_templates, stems_of_template


@dataclass(frozen=True)
class SiteAction:
    """``find(request)`` returns its address, None where the site has none. ``words`` name the action, ``around`` may stand beside
    them in a question: both are translated, with spaces between words. ``template`` draws a form or page that is no page of
    Wagtail's."""

    find: Callable[[HttpRequest], str | None]
    title: Any
    sentence: Any
    words: Any
    around: Any
    template: str = ""

    def shows(self, query: Query) -> bool:
        """Whether its form or page writes each word of the question."""
        return bool(self.template and set(query.stems) <= stems_of_template(self.template, content_language.current()))

    def answers(self, query: Query) -> bool:
        """Whether one word of the question names the action, and each of the others may stand beside it."""
        asked, named = set(query.stems), set(stems(str(self.words)))
        return bool(asked & named) and asked <= named | set(stems(f"{self.title} {self.around}"))


def _at(url_name: str, request: HttpRequest) -> str:
    return reverse(url_name)


def _under(index_page: Any, path: str, request: HttpRequest) -> str | None:
    """An address under a list of the site that the request is for."""
    page = index_page.objects.registered().visible().here().first()
    return page and f"{page.get_url(request)}{path}"


ACTIONS = (
    SiteAction(
        partial(_at, "candidature"),
        gettext_lazy("Propose an innovation"),
        gettext_lazy("Your company or association sends its dossier, without an account."),
        gettext_lazy("propose apply application participate dossier submit register candidate"),
        gettext_lazy("innovation project idea company association organisation form send online rally prize"),
        "candidatures/accueil.html",
    ),
    SiteAction(
        partial(_at, "signaler"),
        gettext_lazy("Flag an innovation"),
        gettext_lazy("You have seen one elsewhere: tell us in two minutes."),
        gettext_lazy("flag tip report recommend spotted"),
        gettext_lazy("innovation idea company association seen elsewhere form"),
        "candidatures/signaler.html",
    ),
    SiteAction(
        partial(_under, EtapeIndexPage, ""),
        gettext_lazy("Take a place at an étape"),
        gettext_lazy("Choose an étape: its page has the form."),
        gettext_lazy("register registration book booking ticket seat attend"),
        gettext_lazy("étape event meeting place free come how"),
    ),
    SiteAction(
        partial(_at, "inscription_retrouver"),
        gettext_lazy("Find my registration"),
        gettext_lazy("We send you its link again, to change or cancel it."),
        gettext_lazy("find cancel lost registration booking ticket"),
        gettext_lazy("my étape link place"),
        "etapes/inscription_retrouver.html",
    ),
    SiteAction(
        partial(_under, EtapeIndexPage, ""),
        gettext_lazy("Dates of the étapes"),
        gettext_lazy("The list of the étapes, and the calendar to put in your own."),
        gettext_lazy("agenda calendar dates"),
        gettext_lazy("étape event meeting next of rally"),
    ),
    SiteAction(
        partial(_under, FicheIndexPage, "suivre/"),
        gettext_lazy("Be told of new innovations"),
        gettext_lazy("One mail when there are some; one click to stop."),
        gettext_lazy("alert follow notification news"),
        gettext_lazy("mail email new innovation fiche subscribe"),
        "diffusion/suivre.html",
    ),
    SiteAction(
        partial(_under, CarnetIndexPage, ""),
        gettext_lazy("Receive the road books by mail"),
        gettext_lazy("The form is on the page of the road books."),
        gettext_lazy("newsletter subscribe subscription"),
        gettext_lazy("mail email road book letter receive"),
    ),
    SiteAction(
        partial(_at, "contact"),
        gettext_lazy("Write to us"),
        gettext_lazy("The team reads your message and answers you."),
        gettext_lazy("contact write reach phone telephone email mail question help"),
        gettext_lazy("you us team organiser address number message rally press form"),
        "home/contact.html",
    ),
    SiteAction(
        partial(_at, "presse"),
        gettext_lazy("Press"),
        gettext_lazy("Figures, pictures to publish and the address of the team."),
        gettext_lazy("press journalist media newspaper"),
        gettext_lazy("contact kit release figures pictures photos logo article corner relations service"),
        "home/presse.html",
    ),
    SiteAction(
        partial(_at, "integration"),
        gettext_lazy("Show the innovations on your site"),
        gettext_lazy("Choose a map, a list or a fiche, and copy its code."),
        gettext_lazy("embed integrate integration widget iframe wordpress"),
        gettext_lazy("innovations fiche map list site website code show partner page"),
        "diffusion/integration/atelier.html",
    ),
    SiteAction(
        partial(_at, "api_partenaires:docs"),
        gettext_lazy("Use the data of the site"),
        gettext_lazy("The API for developers, in JSON, under an open licence."),
        gettext_lazy("api opendata data json csv"),
        gettext_lazy("open set download file developer documentation site fiches innovations"),
    ),
    SiteAction(
        partial(_at, "plan_du_site"),
        gettext_lazy("Site map"),
        gettext_lazy("All the pages on one."),
        gettext_lazy("sitemap map pages"),
        gettext_lazy("site all list"),
        "home/plan_du_site.html",
    ),
)


def register() -> None:
    """Makes the words of the forms known to the search. Called once, when Django starts."""
    register_templates("base.html", *(action.template for action in ACTIONS if action.template))


def actions_for(query: Query, request: HttpRequest) -> list[tuple[SiteAction, str]]:
    """``[(action, address)]`` of those that a question names, in the order of :data:`ACTIONS`."""
    return _with_addresses(filter(lambda action: action.answers(query), ACTIONS), request)


def actions_with(query: Query, request: HttpRequest) -> list[tuple[SiteAction, str]]:
    """``[(action, address)]`` of those whose form or page writes the words of a question."""
    return _with_addresses(filter(lambda action: action.shows(query), ACTIONS), request)


def _with_addresses(actions: Iterable[SiteAction], request: HttpRequest) -> list[tuple[SiteAction, str]]:
    return [(action, address) for action in actions if (address := action.find(request))]
