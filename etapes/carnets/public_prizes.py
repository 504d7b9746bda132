"""Prizes shown in road books, if `fiches.palmares` is installed."""

from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from fiches.palmares.models import Prix


def public_prizes_of_edition(edition: int | None) -> "list[Prix]":
    """Returns the public ``Prix`` of the edition with this pk, in order, each with its fiche. One query."""
    if not apps.is_installed("fiches.palmares"):
        return []
    from fiches.palmares.listing import with_related
    from fiches.palmares.models import Prix

    return list(with_related(Prix.objects.public().filter(decision__categorie__palmares__edition=edition)))
