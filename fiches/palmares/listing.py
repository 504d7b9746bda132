"""Reads what public pages show of the palmarès. Results under embargo are excluded by ``PrixQuerySet.public``."""

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from fiches import content_language
from fiches.publications.version import memoize

if TYPE_CHECKING:
    from fiches.models import FichePage
    from fiches.palmares.models import Jure, Palmares, PalmaresPage, Prix


def latest() -> "Palmares | None":
    """Returns the palmarès of the newest edition whose results are public, else of the newest whose scoring was opened, or None."""
    return latest_of(list(_palmares()))


def latest_of(editions: "list[Palmares]") -> "Palmares | None":
    """Returns the first with public results among ``editions``, the newest first; else the first; None if there is none."""
    return next((each for each in editions if each.est_publie), next(iter(editions), None))


def shown_editions() -> "list[Palmares]":
    """Returns every palmarès that has a public page, newest first, with its categories, criteria and jurors. Four queries."""
    return list(_palmares().prefetch_related("categories", "criteres", "jures"))


def edition_paths() -> list[str]:
    """Returns what follows the address of the palmarès for each edition that has a public page, newest first: ``["2013/"]``."""
    return [f"{year}/" for year in _palmares().values_list("edition__annee", flat=True)]


def named_jury(palmares: "Palmares") -> "list[Jure]":
    """Returns the jurors who agreed to be named."""
    return [each for each in palmares.jures.all() if each.accord_le]


def palmares_of_year(year: int) -> "Palmares | None":
    return _palmares().filter(edition__annee=year).first()


def _palmares() -> Any:
    from fiches.palmares.models import Palmares

    return Palmares.objects.shown().select_related("edition").order_by("-edition__annee")


def edition_context(page: "PalmaresPage", palmares: "Palmares | None") -> dict[str, Any]:
    """Returns the context of the page of one palmarès: ``palmares``, ``categories``, ``laureats`` (``[(Categorie, [Prix])]``),
    ``criteres``, ``jury``, ``autres``. With None, only ``autres``."""
    autres = list(_palmares().exclude(pk=palmares.pk)) if palmares else []
    if palmares is None:
        return {"palmares": None, "autres": autres}
    return {
        "palmares": palmares,
        "categories": list(palmares.categories.all()),
        "laureats": by_category(palmares) if palmares.est_publie else [],
        "criteres": list(palmares.criteres.all()),
        "jury": named_jury(palmares),
        "autres": autres,
        "a_un_diplome": hasattr(page, "route_diplome"),  # where `fiches.diffusion` is installed
    }


def by_category(palmares: "Palmares") -> list[Any]:
    """Returns ``[(Categorie, [Prix])]`` of the public prizes; ``prix.carte`` is the fiche with what a card shows."""
    from fiches.palmares.models import Prix

    prizes = list(with_related(Prix.objects.public().filter(decision__categorie__palmares=palmares)))
    attach_cards(prizes)
    return [(category, list(group)) for category, group in groupby(prizes, key=lambda prize: prize.categorie)]


def with_related(prizes: QuerySet) -> QuerySet:
    """Selects with ``prizes`` their category, edition, fiche and commune."""
    return prizes.select_related("decision__categorie__palmares__edition", "nomination__fiche__commune")


def public_prizes_of(fiches: list[int]) -> "dict[int, list[Prix]]":
    """Returns ``{key of a fiche: [public prizes]}``; a translation has those of its original. One query where none is nominated, else
    two: most fiches that are saved compete for nothing, and the second query takes five times as long. One more if the site has
    several languages."""
    from fiches.palmares.models import Nomination, Prix

    originals = content_language.original_keys(fiches)
    nominated = Nomination.objects.filter(fiche__in=set(originals.values())).order_by()
    prizes: dict[int, list[Prix]] = {}
    if nominations := list(nominated.values_list("pk", flat=True)):
        for prize in with_related(Prix.objects.public().filter(nomination__in=nominations)):
            prizes.setdefault(prize.nomination.fiche_id, []).append(prize)
    return {pk: prizes[original] for pk, original in originals.items() if original in prizes}


def attach_cards(prizes: "list[Prix]") -> None:
    """Sets ``prix.carte`` to the fiche with what a card shows; None if it is not visible."""
    from fiches.models import FichePage

    cards = FichePage.objects.visible().for_cards().in_bulk([prize.nomination.fiche_id for prize in prizes])
    for prize in prizes:
        prize.carte = cards.get(prize.nomination.fiche_id)


def prizes_of(fiche: "FichePage") -> "list[Prix]":
    """Returns the public prizes of a fiche or of its original, newest edition first. All prizes are read once for each version."""
    by_fiche = memoize("prizes of fiches", _prizes_by_fiche)
    return by_fiche.get(content_language.original_key(fiche), []) if fiche.pk else []


def _prizes_by_fiche() -> "dict[int, list[Prix]]":
    from fiches.palmares.models import Prix

    prizes = Prix.objects.public().select_related("nomination", "decision__categorie__palmares__edition")
    by_fiche = defaultdict(list)
    for prize in sorted(prizes, key=lambda prize: (-prize.palmares.edition.annee, prize.rang)):
        by_fiche[prize.nomination.fiche_id].append(prize)
    return dict(by_fiche)
