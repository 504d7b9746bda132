"""Template contexts of the site's own pages (home, partners, grid), and the site map."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
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
from fiches.publications.index_entries import CRITERE
from fiches.publications.version import memoize

if TYPE_CHECKING:
    from home.models import HomePage


LATEST = 3
# How many fiches or étapes are listed per contribution of a partner; the others are only counted.
SHOWN = 5
ACCOMPANIED = _("Innovations accompanied")


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
    only, with its ``autres_roles``, ``innovations`` (accompanied or funded), ``etapes`` and ``faits``: ``[{"libelle", "pages" (the first
    ``SHOWN``), "nombre", "liste"}]``."""
    deeds, seen, groups = _deeds(), set(), []
    for group in partners_by_role():
        partners = [partner for partner in group["partenaires"] if partner.pk not in seen]
        for partner in partners:
            seen.add(partner.pk)
            partner.autres_roles = [role.label for role in Role if role in partner.roles and role != group["role"]]
            partner.faits = [
                {"libelle": label, "pages": pages[:SHOWN], "nombre": len(pages), "reste": len(pages) - SHOWN}
                | {"liste": label == ACCOMPANIED}
                for label, by_partner in deeds.items()
                if (pages := by_partner.get(partner.pk))
            ]
            partner.etapes, *lists = (by_partner.get(partner.pk, []) for by_partner in deeds.values())
            partner.innovations = {fiche for fiches in lists for fiche in fiches}
        if partners:
            groups.append({"role": group["role"], "partenaires": partners})
    return {
        "partenaires_par_role": groups,
        "index_des_fiches": FicheIndexPage.objects.registered().visible().here().first(),
    }


def _deeds() -> dict[Any, dict[int, list[Any]]]:
    """Returns ``{label: {partner pk: pages}}``: étapes organised, those without a date first, then the latest; fiches accompanied or
    funded, by title. Three queries."""
    etapes = EtapePage.objects.visible().here().defer_streamfields()
    fiches = FichePage.objects.visible().here().defer_streamfields().order_by("title", "pk")
    organised = EtapeOrganisation.objects.filter(etape__in=etapes).select_related("etape")
    organised = organised.defer("etape__programme", "etape__compte_rendu")
    funded = FicheFinanceur.objects.filter(fiche__in=fiches.order_by()).select_related("fiche").defer("fiche__corps")
    rows = {
        _("Étapes organised"): [
            (link.partenaire_id, link.etape)
            for link in organised.order_by(F("etape__date").desc(nulls_first=True), "etape_id")
            if link.etape.sur_la_route
        ],
        ACCOMPANIED: [(fiche.partenaire_id, fiche) for fiche in fiches.exclude(partenaire=None)],
        _("Innovations funded"): [
            (link.partenaire_id, link.fiche) for link in funded.order_by("fiche__title", "fiche")
        ],
    }
    by_label: dict[Any, dict[int, list[Any]]] = {label: defaultdict(list) for label in rows}
    for label, pairs in rows.items():
        for partner, page in pairs:
            by_label[label][partner].append(page)
    return by_label


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
