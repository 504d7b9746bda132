"""What one can do on the site: the forms and lists that are no editorial pages, found by the words that people use for them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from etapes.carnets.models import CarnetIndexPage
from etapes.models import EtapeIndexPage
from fiches.models import FicheIndexPage
from fiches.publications.text_analysis import read_query, stems
from fiches.query.word_search import Words

MOST = 2


@dataclass(frozen=True)
class SiteAction:
    """``where``: the name of its URL, or the model of the list that it is under, at ``path``. ``words`` name the action,
    ``around`` may stand beside them in a question: both are translated, with spaces between words."""

    where: Any
    title: Any
    sentence: Any
    words: Any
    around: Any
    path: str = ""

    def address(self, request: HttpRequest) -> str | None:
        """None where the site has no such list."""
        if isinstance(self.where, str):
            return reverse(self.where)
        page = self.where.objects.registered().visible().here().first()
        return page and f"{page.get_url(request)}{self.path}"

    def score(self, asked: set[str]) -> float:
        """The share of the stems of a question that the action knows; 0 if they don't ask for it. Of one or two words, it must know all;
        of more, half if one of them names it."""
        named = set(stems(str(self.words)))
        known = named | set(stems(f"{self.title} {self.sentence} {self.around}"))
        share = len(asked & known) / len(asked)
        is_asked = share == 1 and len(asked) > 2 or bool(asked & named) and share >= (1 / 2 if len(asked) > 2 else 1)
        return share if is_asked else 0


ACTIONS = (
    SiteAction(
        "candidature",
        gettext_lazy("Propose an innovation"),
        gettext_lazy("Your company or association sends its dossier, without an account."),
        gettext_lazy("propose apply application participate dossier submit send register candidate"),
        gettext_lazy(
            "innovation project idea company association organisation form send online rally prize change complete resume lost link draft"
        ),
    ),
    SiteAction(
        "signaler",
        gettext_lazy("Flag an innovation"),
        gettext_lazy("You have seen one elsewhere: tell us in two minutes."),
        gettext_lazy("flag tip report recommend spotted"),
        gettext_lazy("innovation idea company association seen elsewhere form"),
    ),
    SiteAction(
        EtapeIndexPage,
        gettext_lazy("Take a place at an étape"),
        gettext_lazy("Choose an étape: its page has the form."),
        gettext_lazy("register registration book booking ticket seat attend agenda calendar dates"),
        gettext_lazy("étape event meeting visit place free come how cancel lost my link find next coming of rally"),
    ),
    SiteAction(
        FicheIndexPage,
        gettext_lazy("All the innovations, on a map"),
        gettext_lazy("Filter them by place, by theme, by size of the company."),
        gettext_lazy("map list all nearby"),
        gettext_lazy("innovation fiche interactive region around me where see show rally"),
    ),
    SiteAction(
        FicheIndexPage,
        gettext_lazy("Be told of new innovations"),
        gettext_lazy("One mail when there are some; one click to stop."),
        gettext_lazy("alert follow notification news"),
        gettext_lazy("mail email new innovation fiche subscribe receive informed updates"),
        "suivre/",
    ),
    SiteAction(
        CarnetIndexPage,
        gettext_lazy("Receive the road books by mail"),
        gettext_lazy("The form is on the page of the road books."),
        gettext_lazy("newsletter subscribe subscription"),
        gettext_lazy("mail email road book letter receive informed updates unsubscribe"),
    ),
    SiteAction(
        "contact",
        gettext_lazy("Write to us"),
        gettext_lazy("The team reads your message and answers you."),
        gettext_lazy(
            "contact write reach phone telephone email mail question help become support sponsor donate donation join volunteer financially"
        ),
        gettext_lazy(
            "you us team organiser address number message rally press form partner partnership network company association fund how innovation"
        ),
    ),
    SiteAction(
        "integration",
        gettext_lazy("Show the innovations on your site"),
        gettext_lazy("Choose a map, a list or a fiche, and copy its code."),
        gettext_lazy("embed integrate integration widget iframe wordpress plugin"),
        gettext_lazy("innovations fiche map list site website code show partner page"),
    ),
    SiteAction(
        FicheIndexPage,
        gettext_lazy("Download the data"),
        gettext_lazy("All the fiches in a table or on a map, under an open licence."),
        gettext_lazy("opendata data csv excel spreadsheet export api developer json"),
        gettext_lazy(
            "open set download file table list all licence site fiches innovations opendata data documentation"
        ),
        "donnees/",
    ),
    SiteAction(
        "plan_du_site",
        gettext_lazy("Site map"),
        gettext_lazy("All the pages on one."),
        gettext_lazy("sitemap map pages"),
        gettext_lazy("site all list"),
    ),
)


def actions_for(words: Words, request: HttpRequest) -> list[tuple[SiteAction, str]]:
    """``[(action, address)]`` of those that answer a question, the best first; at most :data:`MOST`."""
    stems_of = read_query(words.corrige).stems if words.corrige else words.query.stems
    asked = set(filter(str.isalpha, stems_of)) or set(stems_of)
    scores = ((action, action.score(asked)) for action in ACTIONS)
    answering = sorted((each for each in scores if each[1]), key=lambda each: -each[1])
    candidates = ((action, action.address(request)) for action, _score in answering)
    return [(action, address) for action, address in candidates if address][:MOST]
