"""Template contexts of the site's own pages (home, partners, grid), and the site map."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail.models import Page, Site

from etapes.carnets.models import CarnetPage
from etapes.etape_contexts import road
from etapes.models import EtapeIndexPage, EtapeOrganisation, EtapePage
from fiches import content_language
from fiches.models import Dimension, FicheFinanceur, FicheIndexPage, FichePage, Partenaire, Publication, Role
from fiches.models.querysets import VisibleQuerySet
from fiches.pages.cards import latest_cards
from fiches.pages.outline_map import overview
from fiches.publications.counts import numbers
from fiches.publications.index_entries import CRITERE, FINANCEUR
from fiches.publications.version import memoize

if TYPE_CHECKING:
    from home.models import HomePage


LATEST = 3
# Of more fiches than these, a partner's card tells the number only.
SHOWN = 5
ORGANISED, ACCOMPANIED, FUNDED = _("Étapes organised"), _("Innovations accompanied"), _("Innovations funded")
# What partners did, with the number and its noun in brief.
DEEDS = {
    ACCOMPANIED: ngettext_lazy("%(number)s innovation", "%(number)s innovations", "number"),
    FUNDED: ngettext_lazy("%(number)s innovation funded", "%(number)s innovations funded", "number"),
    ORGANISED: ngettext_lazy("%(number)s étape", "%(number)s étapes", "number"),
}


def home_context(home_page: "HomePage", request: HttpRequest) -> dict[str, Any]:
    """Returns the home page's context: `etapes.etape_contexts.road`, the map, the cards of the latest fiches (``vignettes``),
    the latest road book, and the pages that it links to. All is kept in memory until the next publication."""
    langue, read = content_language.language_of(home_page), content_language.active_language()
    way = road(home_page, EtapePage.objects.descendant_of(home_page))
    around = memoize(("home", home_page.pk, read), lambda: _around_home(home_page), shared=True)
    partners = {partner.pk for group in around["partenaires_par_role"] for partner in group["partenaires"]}
    return {
        **way,
        "action": memoize(("action", home_page.action_page_id, read), lambda: _action(home_page)),
        **around,
        **_figures(way["etapes"] if langue == content_language.default_language() else None, len(partners)),
        "vignettes": latest_cards(langue, request, LATEST),
    }


def _figures(etapes: list[EtapePage] | None, partners: int) -> dict[str, Any]:
    """``carte``, ``nombre_d_etapes`` and ``nombre_de_partenaires`` of the site, in every language those of its own: a page that is
    not translated counts too.

    :param etapes: the visible ones of the site's own language, if they are read already.
    """
    code = content_language.default_language()
    if etapes is None:
        visible = EtapePage.objects.registered().visible().here(code).defer_streamfields()
        etapes = memoize("étapes of the figures", lambda: list(visible))
    return {
        "carte": overview(code),
        "nombre_d_etapes": sum(etape.sur_la_route for etape in etapes),
        "nombre_de_partenaires": partners,
    }


def _action(home_page: Any) -> Any:
    from home.language_versions import read_in_language

    return home_page.action_page and read_in_language(home_page.action_page)


def _around_home(home_page: Any) -> Any:
    """The latest report, where the lists are, and the partners."""
    from home.models import PartenairesPage

    return {
        "carnet": CarnetPage.objects.descendant_of(home_page).registered().visible().order_by("-date", "-pk").first(),
        "index_des_fiches": FicheIndexPage.objects.descendant_of(home_page).registered().visible().first(),
        "index_des_etapes": EtapeIndexPage.objects.descendant_of(home_page).registered().visible().first(),
        "page_des_partenaires": VisibleQuerySet(PartenairesPage).registered().visible().here().first(),
        "partenaires_par_role": partners_by_role(),
    }


def partners_context() -> dict[str, Any]:
    """Returns the partners page's context. ``partenaires_par_role``: as :func:`partners_by_role`, each partner in its first role
    only, with its ``autres_roles`` and ``faits``: ``[{"libelle", "nombre", "en_bref" (the number with its noun), "pages", "liste" (whether
    the list of fiches shows them)}]``."""
    numbers_of, pages_of, seen, groups = *_deeds(), set(), []
    for group in partners_by_role():
        partners = [partner for partner in group["partenaires"] if partner.pk not in seen]
        for partner in partners:
            seen.add(partner.pk)
            partner.autres_roles = [role.label for role in Role if role in partner.roles and role != group["role"]]
            partner.faits = [
                {"libelle": label, "nombre": number, "en_bref": in_brief % {"number": number}}
                | {"pages": pages_of[label][partner.pk], "liste": label == ACCOMPANIED}
                for label, in_brief in DEEDS.items()
                if (number := numbers_of[label].get(partner.pk, 0))
            ]
        if partners:
            groups.append({"role": group["role"], "partenaires": partners})
    return {
        "partenaires_par_role": groups,
        "index_des_fiches": FicheIndexPage.objects.registered().visible().here().first(),
    }


def _deeds() -> tuple[dict[Any, dict[int, int]], dict[Any, dict[int, list[Any]]]]:
    """Returns ``{label: {key of a partner: number}}`` and ``{label: {key of a partner: pages}}``: étapes organised, those without a
    date first, then the latest; fiches accompanied or funded, by title. Of more than ``SHOWN`` fiches, the number only, so that the
    page does not read all fiches."""
    etapes = EtapePage.objects.visible().here().defer_streamfields()
    organised = EtapeOrganisation.objects.filter(etape__in=etapes).select_related("etape")
    organised = organised.defer("etape__programme", "etape__compte_rendu")
    counted = numbers(content_language.active_language(), "partenaire", FINANCEUR).values()
    helped, paid = ({int(key): number for key, number in each.items()} for each in counted)
    fiches = FichePage.objects.visible().here().defer_streamfields()
    accompanied = fiches.filter(partenaire__in=[key for key, number in helped.items() if number <= SHOWN])
    funded = FicheFinanceur.objects.filter(partenaire__in=[key for key, number in paid.items() if number <= SHOWN])
    funded = funded.filter(fiche__in=fiches).select_related("fiche").defer("fiche__corps")
    pages: dict[Any, dict[int, list[Any]]] = {label: defaultdict(list) for label in DEEDS}
    for link in organised.order_by(F("etape__date").desc(nulls_first=True), "etape_id"):
        if link.etape.sur_la_route:
            pages[ORGANISED][link.partenaire_id].append(link.etape)
    for fiche in accompanied.order_by("title", "pk"):
        pages[ACCOMPANIED][fiche.partenaire_id].append(fiche)
    for link in funded.order_by("fiche__title", "fiche"):
        pages[FUNDED][link.partenaire_id].append(link.fiche)
    stages = {partner: len(each) for partner, each in pages[ORGANISED].items()}
    return {ORGANISED: stages, ACCOMPANIED: helped, FUNDED: paid}, pages


def partners_by_role() -> list[Any]:
    """Returns ``[{"role": Role, "partenaires": [Partenaire]}]`` without empty roles."""
    partners = list(Partenaire.objects.select_related("logo").prefetch_related("logo__renditions"))
    groups = ({"role": role, "partenaires": [p for p in partners if role in p.roles]} for role in Role)
    return [group for group in groups if group["partenaires"]]


def grid_context() -> dict[str, Any]:
    """Returns the grid page's context. ``dimensions``: with their criteria prefetched, each with ``nombre``, the number of
    visible fiches that meet it; ``liste``: the page that lists the fiches."""
    met = numbers(content_language.active_language(), CRITERE)[CRITERE]
    dimensions = list(Dimension.objects.prefetch_related("criteres"))
    for criterion in (criterion for dimension in dimensions for criterion in dimension.criteres.all()):
        criterion.nombre = met[str(criterion.pk)]
    return {"dimensions": dimensions, "liste": FicheIndexPage.objects.registered().visible().here().first()}


def sitemap_page(request: HttpRequest) -> HttpResponse:
    """`/plan-du-site/`: the visible pages of the site in tree order, without the fiches, which have their list.

    ``pages``: those in the active language; ``autres``: those that exist only in the site's own language.
    """
    root = Site.find_for_request(request).root_page
    pages = own = _visible_pages(root)
    if content_language.active_language() != content_language.default_language():
        locale = content_language.locale_of(content_language.active_language())
        home = root.get_translations().filter(locale=locale).first()
        pages = _visible_pages(home) if home else []
    translated = {page.translation_key for page in pages}
    others = [page for page in own if page.translation_key not in translated]
    return render(request, "home/plan_du_site.html", {"pages": pages, "autres": others})


def _visible_pages(root: Page) -> list[Page]:
    published = Publication.objects.filter(withdrawn_at=None).exclude(kind="fiche")
    pages = VisibleQuerySet(Page).descendant_of(root, inclusive=True).filter(pk__in=published.values("object_id"))
    return list(pages.visible().order_by("path"))
