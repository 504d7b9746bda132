"""What one can do on the site: the forms and lists that are no editorial pages, found by the words that people use for them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from etapes.carnets.models import CarnetIndexPage
from etapes.models import EtapeIndexPage
from fiches.models import FicheIndexPage
from fiches.publications.text_analysis import stems
from fiches.query.word_search import Words

MOST = 2


@dataclass(frozen=True)
class SiteAction:
    """``find(request)`` returns its address, None where the site has none. ``words`` name the action, ``around`` may stand beside
    them in a question: both are translated, with spaces between words."""

    find: Callable[[HttpRequest], str | None]
    title: Any
    sentence: Any
    words: Any
    around: Any

    @property
    def named(self) -> set[str]:
        return set(stems(str(self.words)))

    @property
    def known(self) -> set[str]:
        """All the stems that may stand in a question about it."""
        return set(stems(f"{self.title} {self.sentence} {self.words} {self.around}"))

    def answers(self, asked: list[set[str]], typed: set[str]) -> bool:
        """Whether it answers a question: a word names it and few are unknown, or it knows all of several words.

        :param asked: for each word of the question, its stem and those of its synonyms.
        :param typed: the stems of the question: a synonym (« emploi », « candidat ») is not the name of an action.
        """
        unknown = self.unknown(asked)
        if not self.named.isdisjoint(typed):
            return not unknown or len(asked) >= max(3, 2 * unknown)
        return not unknown and len(asked) >= 3

    def unknown(self, asked: list[set[str]]) -> int:
        """How many words of a question are not about it."""
        return sum(not self.known & word for word in asked)


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
        gettext_lazy("propose apply application participate dossier submit send register candidate"),
        gettext_lazy(
            "innovation project idea company association organisation form send online rally prize change complete resume lost link draft"
        ),
    ),
    SiteAction(
        partial(_at, "signaler"),
        gettext_lazy("Flag an innovation"),
        gettext_lazy("You have seen one elsewhere: tell us in two minutes."),
        gettext_lazy("flag tip report recommend spotted"),
        gettext_lazy("innovation idea company association seen elsewhere form"),
    ),
    SiteAction(
        partial(_under, EtapeIndexPage, ""),
        gettext_lazy("Take a place at an étape"),
        gettext_lazy("Choose an étape: its page has the form."),
        gettext_lazy("register registration book booking ticket seat attend"),
        gettext_lazy("étape event meeting visit place free come how cancel lost my link find"),
    ),
    SiteAction(
        partial(_under, EtapeIndexPage, ""),
        gettext_lazy("Dates of the étapes"),
        gettext_lazy("The list of the étapes, and the calendar to put in your own."),
        gettext_lazy("agenda calendar dates"),
        gettext_lazy("étape event meeting next coming of rally"),
    ),
    SiteAction(
        partial(_under, FicheIndexPage, ""),
        gettext_lazy("All the innovations, on a map"),
        gettext_lazy("Filter them by place, by theme, by size of the company."),
        gettext_lazy("map list all nearby"),
        gettext_lazy("innovation fiche interactive region around me where see show rally"),
    ),
    SiteAction(
        partial(_under, FicheIndexPage, "suivre/"),
        gettext_lazy("Be told of new innovations"),
        gettext_lazy("One mail when there are some; one click to stop."),
        gettext_lazy("alert follow notification news"),
        gettext_lazy("mail email new innovation fiche subscribe receive informed updates"),
    ),
    SiteAction(
        partial(_under, CarnetIndexPage, ""),
        gettext_lazy("Receive the road books by mail"),
        gettext_lazy("The form is on the page of the road books."),
        gettext_lazy("newsletter subscribe subscription"),
        gettext_lazy("mail email road book letter receive informed updates unsubscribe"),
    ),
    SiteAction(
        partial(_at, "contact"),
        gettext_lazy("Write to us"),
        gettext_lazy("The team reads your message and answers you."),
        gettext_lazy("contact write reach phone telephone email mail question help"),
        gettext_lazy("you us team organiser address number message rally press form"),
    ),
    SiteAction(
        partial(_at, "contact"),
        gettext_lazy("Become a partner of the rally"),
        gettext_lazy("Write to the team: it answers networks, funders and volunteers."),
        gettext_lazy("become support sponsor donate donation join volunteer financially"),
        gettext_lazy("rally partner partnership network company association fund how innovation"),
    ),
    SiteAction(
        partial(_at, "integration"),
        gettext_lazy("Show the innovations on your site"),
        gettext_lazy("Choose a map, a list or a fiche, and copy its code."),
        gettext_lazy("embed integrate integration widget iframe wordpress plugin"),
        gettext_lazy("innovations fiche map list site website code show partner page"),
    ),
    SiteAction(
        partial(_under, FicheIndexPage, "donnees/"),
        gettext_lazy("Download the data"),
        gettext_lazy("All the fiches in a table or on a map, under an open licence."),
        gettext_lazy("opendata data csv excel spreadsheet export"),
        gettext_lazy("open set download file table list all licence site fiches innovations"),
    ),
    SiteAction(
        partial(_at, "api_partenaires:docs"),
        gettext_lazy("Use the data of the site"),
        gettext_lazy("The API for developers, in JSON, under an open licence."),
        gettext_lazy("api developer json"),
        gettext_lazy("opendata data open documentation site fiches innovations"),
    ),
    SiteAction(
        partial(_at, "plan_du_site"),
        gettext_lazy("Site map"),
        gettext_lazy("All the pages on one."),
        gettext_lazy("sitemap map pages"),
        gettext_lazy("site all list"),
    ),
)


def actions_for(words: Words, request: HttpRequest) -> list[tuple[SiteAction, str]]:
    """``[(action, address)]`` of those that answer a question, those that know the most of its words first; at most :data:`MOST`."""
    asked = [word for word in words.meanings if not any(map(str.isdigit, word))] or words.meanings
    typed = set(stems(words.corrige or words.query.text))
    answering = sorted(
        (action for action in ACTIONS if action.answers(asked, typed)), key=lambda each: each.unknown(asked)
    )
    candidates = ((action, action.find(request)) for action in answering)
    return [(action, address) for action, address in candidates if address][:MOST]
