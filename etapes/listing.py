"""What the pages of the road show."""

from fiches.models import FichePage


def etapes_context(index_page):
    """``{"etapes", "a_venir", "passees", "prochaine"}``: the visible étapes under ``index_page``, in road order."""
    from etapes.models import EtapePage

    return road(EtapePage.objects.child_of(index_page))


def road(etapes):
    """The same for any queryset of étapes: one query, told apart in Python."""
    stages = list(etapes.visible().on_the_road().for_cards())
    to_come = [stage for stage in stages if not stage.passee]
    return {
        "etapes": stages,
        "a_venir": to_come,
        "passees": [stage for stage in stages if stage.passee],
        "prochaine": next((stage for stage in to_come if not stage.annulee), None),
    }


def etape_context(etape):
    """``{"presentations"}``: the fiches presented that the public may see, in order, each with its ``heure``."""
    fiches = (
        FichePage.objects.visible()
        .for_cards()
        .in_bulk([presentation.fiche_id for presentation in etape.presentations.all()])
    )
    return {
        "presentations": [
            {"fiche": fiches[presentation.fiche_id], "heure": presentation.heure}
            for presentation in etape.presentations.all()
            if presentation.fiche_id in fiches
        ]
    }
