"""Repeats erasures and withdrawals of dossiers and consents after a backup is restored (see `fiches.upkeep.erasure_log`)."""

from typing import Any

from fiches.candidatures import consentements
from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.models import Dossier
from fiches.candidatures.submission import withdraw_dossier
from fiches.upkeep.erasure_log import CONSENT, DOSSIER, WITHDRAWN, register_erasure


def register() -> None:
    register_erasure(DOSSIER, _erase_dossier)
    register_erasure(WITHDRAWN, _withdraw_dossier)
    register_erasure(CONSENT, _withdraw_consent)


def _erase_dossier(key: Any) -> None:
    for dossier in Dossier.objects.filter(pk=key):
        erase_dossier(dossier)


def _withdraw_dossier(key: Any) -> None:
    for dossier in Dossier.objects.filter(pk=key):
        withdraw_dossier(dossier=dossier)


def _withdraw_consent(key: Any) -> None:
    pk, _colon, finalite = key.partition(":")
    for dossier in Dossier.objects.filter(pk=pk):
        if finalite in consentements.granted(dossier):
            consentements.withdraw_consent(dossier=dossier, finalite=finalite)
