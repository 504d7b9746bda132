"""The checks shown before a fiche is submitted: errors that the form refuses, and advice on accessibility and readability."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from bs4 import BeautifulSoup
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText

from fiches.admin.fiche_gaps import undescribed_pictures
from fiches.moderation.completeness import invalid, missing, values_of

if TYPE_CHECKING:
    from fiches.models import FichePage


# Words in a sentence, at most (FALC and the State's guides say 15 to 25).
LONG = 25
MOST_QUOTED = 3
EMPTY_LINKS = {
    *(
        "ici",
        "cliquez ici",
        "cliquer ici",
        "lien",
        "ce lien",
        "voir",
        "lire",
        "en savoir plus",
        "lire la suite",
        "plus",
    ),
    *("plus d'infos", "la suite", "voir plus", "suite", "site", "télécharger", "page", "pdf"),
}
SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[«“\"A-ZÀÂÇÉÈÊËÎÏÔÙÛŒ0-9])")
WORD = re.compile(r"[\w’'-]*\w", re.UNICODE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
PHONE = re.compile(r"(?<!\d)(?:\+33|0)\s?[1-9](?:[\s.-]?\d{2}){4}(?!\d)")


class Finding(NamedTuple):
    """A finding about a fiche. ``blocks``: whether the form refuses to submit it."""

    theme: str
    text: str
    blocks: bool = False


def findings(fiche: "FichePage") -> list[Finding]:
    """All findings about a fiche, the blocking ones first."""
    results = [finding for check in CHECKS for finding in check(fiche)]
    return sorted(results, key=lambda finding: not finding.blocks)


def completeness(fiche: "FichePage") -> Iterator[Finding]:
    for message in missing(values_of(fiche)).values():
        yield Finding(_("Completeness"), message, blocks=True)


def correctness(fiche: "FichePage") -> Iterator[Finding]:
    """Invalid values that a draft may hold. Missing values are reported by `completeness`, pictures by `alternatives`."""
    reported = {*missing(values_of(fiche)), "corps"}
    for name, message in invalid(fiche).items():
        if name not in reported:
            yield Finding(_("Correctness"), message, blocks=True)


def alternatives(fiche: "FichePage") -> Iterator[Finding]:
    names = {"photo": _("the photo"), "logo": _("the logo")}
    for where in undescribed_pictures(fiche):
        name = names.get(where) if isinstance(where, str) else _("the block “%(name)s”") % {"name": where.block.label}
        text = _("Describe the picture of %(where)s for those who can't see it, or say that it is decorative.")
        yield Finding(_("Alternative texts"), text % {"where": name}, blocks=True)


def headings(fiche: "FichePage") -> Iterator[Finding]:
    """Headings of the text begin at level 2, below the page's title, and skip no level."""
    level = 1
    for tag in _soup(fiche).find_all(["h2", "h3", "h4"]):
        words, current = tag.get_text(" ", strip=True), int(tag.name[1])
        if not words:
            yield Finding(_("Headings"), _("A heading is empty: write it, or take it out."))
        elif current > level + 1:
            text = _("“%(title)s” is a heading of level %(found)s below level %(above)s: none may be skipped.")
            yield Finding(_("Headings"), text % {"title": words, "found": current, "above": level})
        level = current


def links(fiche: "FichePage") -> Iterator[Finding]:
    """The text of a link says where it leads (RGAA 6.1)."""
    where = {}
    for tag in _soup(fiche).find_all("a"):
        words = " ".join(tag.get_text(" ", strip=True).split())
        label = words.casefold().replace("’", "'").strip(" .:»«…>")
        target = tag.get("href") or tag.get("id") or ""
        if not words:
            yield Finding(_("Links"), _("A link has no words."))
        elif label in EMPTY_LINKS:
            yield Finding(_("Links"), _("“%(words)s” doesn't say where the link leads.") % {"words": words})
        elif re.match(r"https?://|www\.", label):
            text = _("“%(words)s”: write the name of the page in place of its address.")
            yield Finding(_("Links"), text % {"words": words[:60]})
        elif where.setdefault(label, target) != target:
            text = _("Two links say “%(words)s” and lead to different places.")
            yield Finding(_("Links"), text % {"words": words})


def readability(fiche: "FichePage") -> Iterator[Finding]:
    """The length of sentences; the longest are quoted."""
    counted = [(len(WORD.findall(sentence)), sentence) for sentence in sentences(fiche)]
    long = sorted((each for each in counted if each[0] > LONG), key=lambda each: -each[0])
    for number, sentence in long[:MOST_QUOTED]:
        text = _("A sentence of %(number)s words: cut it. “%(start)s…”")
        yield Finding(_("Readability"), text % {"number": number, "start": " ".join(sentence.split()[:8])})
    if len(long) > MOST_QUOTED:
        more = len(long) - MOST_QUOTED
        text = ngettext("And %(number)s more long sentence.", "And %(number)s more long sentences.", more)
        yield Finding(_("Readability"), text % {"number": more})
    if counted and (average := round(sum(number for number, _sentence in counted) / len(counted))) > LONG - 5:
        text = _("Sentences have %(number)s words on average: fifteen read well.")
        yield Finding(_("Readability"), text % {"number": average})


def contacts(fiche: "FichePage") -> Iterator[Finding]:
    """Contact details that are hidden without consent, and those typed in the text, which consent doesn't cover."""
    names = {
        "nom": _("the name"),
        "fonction": _("the job title"),
        "telephone": _("the phone"),
        "courriel": _("the e-mail"),
    }
    hidden = [
        label
        for name, label in names.items()
        if getattr(fiche, f"contact_{name}") and not getattr(fiche, f"contact_{name}_public")
    ]
    if hidden:
        text = _("Not shown, since the contact's agreement isn't ticked: %(names)s.")
        yield Finding(_("Contacts"), text % {"names": ", ".join(hidden)})
    words = f"{fiche.chapo} {text_to_check(fiche)}"
    for detail in dict.fromkeys(EMAIL.findall(words) + PHONE.findall(words)):
        text = _("“%(found)s” stands in the text, where no agreement is asked for: put it among the contact's fields.")
        yield Finding(_("Contacts"), text % {"found": detail})


CHECKS = [completeness, correctness, alternatives, headings, links, readability, contacts]


def rich_texts(value: Any) -> Iterator[str]:
    """Yields the HTML of each rich text of a StreamField value, at any depth."""
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, StreamValue):
        for child in value:
            yield from rich_texts(child.value)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from rich_texts(child)
    elif isinstance(value, ListValue):
        for child in value:
            yield from rich_texts(child)


def plain_texts(value: Any) -> Iterator[Any]:
    """Yields each plain text of a StreamField value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, StreamValue):
        for child in value:
            yield from plain_texts(child.value)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from plain_texts(child)
    elif isinstance(value, ListValue):
        for child in value:
            yield from plain_texts(child)


def _soup(fiche: "FichePage") -> BeautifulSoup:
    return BeautifulSoup("".join(rich_texts(fiche.corps)), "html.parser")


def text_to_check(fiche: "FichePage") -> str:
    return " ".join([_soup(fiche).get_text(" "), *plain_texts(fiche.corps)])


def sentences(fiche: "FichePage") -> Iterator[Any]:
    """Yields the sentences of the introduction and of the text; a list item ends a sentence even without a full stop."""
    paragraphs = [fiche.chapo, *(tag.get_text(" ") for tag in _soup(fiche).find_all(["p", "li"]))]
    for paragraph in paragraphs:
        yield from (sentence for sentence in SENTENCE.split(" ".join(paragraph.split())) if sentence)


class ChecksPanel(BaseSidePanel):
    """The side panel of the checks, for the version last saved."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        icon_name = "clipboard-list"

        @property
        def aria_label(self) -> str:
            """The label, with the number of findings if there are any."""
            count = len(self.panel.findings)
            if not count:
                return _("Toggle the checks before submission")
            return ngettext(
                "Toggle the checks before submission: %(count)s finding",
                "Toggle the checks before submission: %(count)s findings",
                count,
            ) % {"count": count}

        def get_context_data(self, parent_context: Context) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "count": len(self.panel.findings)}

    name = "controles"
    title = gettext_lazy("Before submission")
    template_name = "fiches/admin/controles.html"
    order = 340

    def __init__(self, object: "FichePage", request: HttpRequest) -> None:
        super().__init__(object, request)
        self.findings = findings(object)

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        blocking = [finding for finding in self.findings if finding.blocks]
        advice = [finding for finding in self.findings if not finding.blocks]
        return {**super().get_context_data(parent_context), "bloquants": blocking, "conseils": advice}
