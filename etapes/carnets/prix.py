"""The prizes that an issue may tell of, where the palmarès is installed."""

from django.apps import apps


def public_prizes(edition):
    """``[Prix]`` of the edition of this key that anyone may know now, in order, each with its fiche. One query."""
    if not apps.is_installed("fiches.palmares"):
        return []
    from fiches.palmares.listing import with_related
    from fiches.palmares.models import Prix

    return list(with_related(Prix.objects.public().filter(decision__categorie__palmares__edition=edition)))
