"""What several test modules of this room do and read on its screens."""

from django.utils import timezone

from fiches.mail.outbox import send_pending
from fiches.models import Courriel
from fiches.models.enums import Envoi


def ten_minutes_later():
    Courriel.objects.filter(etat=Envoi.A_ENVOYER).update(prochain_essai=timezone.now())
    send_pending()
