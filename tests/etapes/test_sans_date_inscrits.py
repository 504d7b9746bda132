"""People registered for an étape that was given no date yet are kept a year at most."""

import datetime

from django.utils import timezone

from etapes.models import EtapePage
from fiches.upkeep.retention import delete_too_old


def test_names_are_kept_a_year_at_most_while_the_date_is_to_come(register_people, etape):
    register_people("anne", besoins="Un fauteuil")
    EtapePage.objects.update(date=None, commence_le=None, termine_le=None)
    delete_too_old(timezone.now() + datetime.timedelta(days=360))
    assert etape.inscrits.get().besoins == "Un fauteuil"
    delete_too_old(timezone.now() + datetime.timedelta(days=367))
    assert not etape.inscrits.exists()
    assert EtapePage.objects.filter(pk=etape.pk).exists()
