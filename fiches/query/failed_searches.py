"""The searches that found nothing: what people look for and the site lacks, without a word about who they are."""

import re
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from fiches.models import RechercheVaine
from fiches.models.bulk import in_passing
from fiches.publications.tokens import words

LONGEST = 80
MOST_A_DAY = 300
KEPT_DAYS = 180
PERSONAL = re.compile(r"@|\d[\d .-]{5,}\d")
"""An e-mail address, a phone or a SIRET number: typed by mistake, kept by nobody."""


def record_failed_search(text):
    """Counts ``text`` for today. What looks personal is not kept, nor more than a few hundred searches a day."""
    said = " ".join(words(text))[:LONGEST]
    if not said or PERSONAL.search(text):
        return
    in_passing(RechercheVaine, lambda: _count(said))


def _count(said):
    today = timezone.localdate()
    RechercheVaine.objects.filter(jour__lt=today - timedelta(days=KEPT_DAYS)).delete()
    if RechercheVaine.objects.filter(jour=today, mots=said).update(nombre=F("nombre") + 1):
        return
    if RechercheVaine.objects.filter(jour=today).count() < MOST_A_DAY:
        RechercheVaine.objects.bulk_create([RechercheVaine(jour=today, mots=said)], ignore_conflicts=True)
