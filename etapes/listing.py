"""What the pages of the road show."""

from fiches.models import FichePage


def etapes_context(index_page):
    """``{"etapes", "a_venir", "passees", "prochaine"}``: the visible étapes under ``index_page``, in road order."""
    from etapes.models import EtapePage

    has_feed = hasattr(index_page, "route_flux_atom")  # where `fiches.diffusion` is installed
    return {**road(EtapePage.objects.child_of(index_page)), "a_un_flux": has_feed}


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
    """``{"presentations", "precedente", "suivante"}``: the fiches presented that the public may see, in order, each with
    its ``heure``; the étapes before and after on the road, or ``None``."""
    fiches = (
        FichePage.objects.visible()
        .for_cards()
        .in_bulk([presentation.fiche_id for presentation in etape.presentations.all()])
    )
    return {
        **neighbours(etape),
        "presentations": [
            {"fiche": fiches[presentation.fiche_id], "heure": presentation.heure}
            for presentation in etape.presentations.all()
            if presentation.fiche_id in fiches
        ],
    }


def neighbours(etape):
    """The visible étapes just before and just after, in the road's order; none for an étape that is not visible."""
    road = list(type(etape).objects.sibling_of(etape).visible().on_the_road().defer("programme", "compte_rendu"))
    if etape not in road:
        return {"precedente": None, "suivante": None}
    place = road.index(etape)
    return {"precedente": road[place - 1] if place else None, "suivante": next(iter(road[place + 1 :]), None)}
