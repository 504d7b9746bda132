"""Prizes in the API: those of each fiche, and the list of all. Updated at the end of the embargo."""

from django.dispatch import receiver

from fiches import langues
from fiches.diffusion.api.pages import register_page_type
from fiches.diffusion.api.reperes import register_prizes
from fiches.diffusion.contenu import instant, register_extra
from fiches.palmares.enums import Rang
from fiches.palmares.listing import with_what_they_show
from fiches.palmares.models import PalmaresPage, Prix
from fiches.palmares.verrou import public_changed
from fiches.publications import ledger
from fiches.publications.version import touch


def prizes():
    """Returns all the public prizes, newest edition first. Two queries."""
    page = PalmaresPage.objects.registered().visible().in_language().first()
    found = with_what_they_show(Prix.objects.public()).order_by(
        "-decision__categorie__palmares__edition__annee",
        "decision__categorie__sort_order",
        "decision__categorie_id",
        "rang",
        "pk",
    )
    return [{**prize(each), **_whole(each, page)} for each in found]


def prize(each):
    """Returns a prize as the API gives it with its fiche."""
    return {
        "edition": each.palmares.edition.annee,
        "categorie": each.categorie.nom,
        "rang": None if each.rang == Rang.MENTION else each.rang,
        "libelle": each.get_rang_display(),
        "citation": each.citation,
        "url": each.fiche.full_url or "",
    }


def _whole(each, page):
    """Returns what the list of all prizes adds: the fiche, the date, and the address of the diploma."""
    fiche = each.fiche
    return {
        "uid": str(each.uid),
        "exemple": each.palmares.exemple or fiche.exemple,
        "fiche": {
            "id": fiche.pk,
            "titre": fiche.title,
            "slug": fiche.slug,
            "organisation": fiche.organisation,
            "url": fiche.full_url or "",
        },
        "diplome": f"{page.full_url}{diploma_path(each)}" if page and page.full_url else "",
        "publie_le": instant(each.palmares.embargo),
    }


def diploma_path(each):
    """Returns the path of a prize's diploma, relative to the palmarès's page."""
    return f"{each.palmares.edition.annee}/diplome-{each.uid}.pdf"


def prizes_of_fiches(pks):
    """Returns ``{key of a fiche: [public prizes]}``; a translation has those of its original. One query, two on a multilingual site."""
    originals = langues.original_keys(pks)
    found = {}
    for each in with_what_they_show(Prix.objects.public().filter(nomination__fiche__in=set(originals.values()))):
        found.setdefault(each.nomination.fiche_id, []).append(prize(each))
    return {pk: found[original] for pk, original in originals.items() if original in found}


@receiver(public_changed)
def _public_changed(sender, fiches, **kwargs):
    """Invalidates the stored API answers of these fiches and of their translations."""
    ledger.record("fiche", langues.keys_of_translations(fiches), is_direct=False)
    touch(gone=True)


def register():
    register_extra("prix", prizes_of_fiches)
    register_prizes(prizes)
    register_page_type(PalmaresPage, "palmares")
