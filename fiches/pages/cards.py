"""The cards of a list: each is drawn once, in the language of its fiche, and stored in the register until its row changes."""

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from fiches import content_language
from fiches.models import FichePage, Publication
from fiches.models.querysets import prefetch_joined
from fiches.models.routes import addresses
from fiches.publications import ledger
from fiches.publications.memo import memoize
from fiches.publications.release import release
from fiches.query.fiche_filter import FicheFilter
from fiches.query.word_search import LATEST

# The columns of a fiche that its card shows.
_COLUMNS = "path depth url_path locale slug title organisation chapo departement exemple photo"
COLUMNS = [*_COLUMNS.split(), "commune__nom", "commune__latitude", "commune__longitude"]


def _placeholders() -> tuple[str, str]:
    """What stands in a stored card for its address, which depends on the site that shows it, and around its introduction, which
    the snippet of a search replaces. No text holds the digest of the code by accident."""
    return f"address-{release()}", f"introduction-{release()}"


def cards(fiche_filter: FicheFilter, request: HttpRequest, suite: str = "") -> list[SafeString]:
    """The cards of the requested page of a :class:`FicheFilter`, in order, with their snippets if words were searched. One query,
    and a constant number for the cards that are to be drawn.

    :param suite: the query string to add to the links.
    """
    return _shown(fiche_filter.page_paths, request, f"?{suite}" if suite else "", fiche_filter.extraits())


def latest_cards(langue: str, request: HttpRequest, number: int) -> list[SafeString]:
    """The cards of the ``number`` fiches of a language published last, the newest first."""
    return _shown(memoize(("latest", langue, number), lambda: _latest(langue, number)), request)


def _latest(langue: str, number: int) -> dict[int, str]:
    rows = Publication.objects.visible().fiches_here(langue).order_by(*LATEST)
    return dict(rows.values_list("object_id", "url_path")[:number])


def _shown(
    paths: dict[int, str], request: HttpRequest, question: str = "", extracts: dict[int, str] | None = None
) -> list[SafeString]:
    """The cards of ``paths``, ``{key: path in the tree}``, with their placeholders filled."""
    shown, cards = ledger.stored_cards(paths), []
    placeholder, around = _placeholders()
    for (pk, card), address in zip(shown.items(), addresses((paths[pk] for pk in shown), request), strict=True):
        before, introduction, after = card.split(around, 2)
        before = before.replace(placeholder, escape(f"{address}{question}"))
        if extract := extracts and extracts.get(pk):
            introduction = format_html('<p class="card__text">{}</p>', extract)
        cards.append(mark_safe(f"{before}{introduction}{after}"))  # noqa: S308 - a template made it
    return cards


def draw(pks: list[int]) -> dict[int, str]:
    """``{pk: HTML}``: the cards of the visible fiches among ``pks``, with placeholders. A constant number of queries."""
    template, (address, around) = get_template("fiches/_card.html"), _placeholders()
    criteria = prefetch_joined(FichePage, "fiche_criteres", "tag")
    fiches = FichePage.objects.visible().filter(pk__in=pks).select_related("commune", "photo").only(*COLUMNS)
    drawn = {}
    for fiche in fiches.prefetch_related("photo__renditions", criteria):
        with content_language.in_language_of(fiche):
            drawn[fiche.pk] = template.render({"fiche": fiche, "adresse": address, "repere": around})
    return drawn
