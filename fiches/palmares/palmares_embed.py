"""The embed of the prizes for partners' sites."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.diffusion.embeds import Contents, Element, Embed, register_embed, unknown_parameters
from fiches.palmares.listing import latest_released, with_related
from fiches.palmares.models import PalmaresPage, Prix
from fiches.query.parsers import shown


def prizes_embed(query: QueryDict) -> Contents:
    """Returns the prizes of the edition in the query (``edition=2013``), by default of the last public one."""
    errors = unknown_parameters(query, but=("edition",))
    prizes, edition = with_related(Prix.objects.public()), query.get("edition", "").strip()
    if edition and not (edition.isascii() and edition.isdecimal() and len(edition) == 4):
        errors["edition"] = _("“%(text)s” is not a year.") % {"text": shown(edition)}
        edition = ""
    if not edition:
        last = latest_released()
        year = last.edition.annee if last else 0
    else:
        year = int(edition)
    prizes = prizes.filter(decision__categorie__palmares__edition__annee=year)
    page = PalmaresPage.objects.registered().visible().here().first()
    root = page.full_url if page else ""
    return Contents(
        titre=_("Prizes of %(year)s") % {"year": year} if prizes else _("The palmarès"),
        url=f"{root}{year}/" if prizes and root else root,
        elements=[_element(prize) for prize in prizes],
        errors=errors,
        question=f"edition={edition}" if edition else "",
    )


def _element(prize: Prix) -> Element:
    fiche = prize.fiche
    example = [_("example")] if prize.palmares.exemple or fiche.exemple else []
    return Element(
        titre=fiche.title,
        url=fiche.full_url or "",
        sur=fiche.organisation,
        texte=prize.citation,
        pied=[prize.categorie.nom],
        marques=[prize.libelle, *example],
    )


def register() -> None:
    embed = Embed("palmares", gettext_lazy("the prizes"), prizes_embed, ordre=5, pages=(PalmaresPage,))
    register_embed(embed)
