"""The register of processing (article 30 of the GDPR), stored in ``home/data/traitements.csv``.

The file has one line per processing of personal data. Retention periods are filled in from the code's constants.
"""

import csv
from datetime import timedelta
from functools import cache
from pathlib import Path

from ninja import Schema

from etapes.inscriptions import periodic_work as inscriptions
from etapes.models import EtapePage
from fiches.candidatures import privacy_notices
from fiches.mail import subscriptions
from fiches.query import search_terms
from fiches.upkeep import retention

A_YEAR = timedelta(days=365)
REGISTER = Path(__file__).parent / "data" / "traitements.csv"


class Traitement(Schema):
    """A use of personal data, in the form of article 30 of the GDPR."""

    cle: str
    nom: str
    finalite: str
    base_legale: str
    personnes: str
    donnees: str
    destinataires: str
    duree: str
    mesures: str


def durations() -> dict[str, int]:
    """Returns ``{placeholder: number}``, in the unit that the register's text gives."""
    return {
        "brouillons": privacy_notices.retention_months(*privacy_notices.KEEP_DRAFTS),
        "clos": privacy_notices.retention_months(*privacy_notices.KEEP_REFUSED),
        "signalements": privacy_notices.TIPS_MONTHS,
        "inscriptions": EtapePage._meta.get_field("conservation").default,
        "besoins": inscriptions.NEEDS.days,
        "confirmation": subscriptions.CONFIRM_WITHIN.days,
        "courriels": retention.MAILS.days,
        "sans_decision": privacy_notices.retention_months(*privacy_notices.KEEP_UNDECIDED),
        "imports": retention.IMPORTS.days,
        "comptes": retention.ACCOUNTS // A_YEAR,
        "contacts": retention.PARTNERS_CONTACTS // A_YEAR,
        "contacts_etapes": inscriptions.CONTACTS // A_YEAR,
        "abonnements": retention.SUBSCRIPTIONS // A_YEAR,
        "recherches": search_terms.KEPT_DAYS,
    }


def register() -> list[Traitement]:
    """Returns the register with its retention periods, in the order of the file."""
    periods = durations()
    return [row.model_copy(update={"duree": row.duree.format(**periods)}) for row in rows()]


@cache
def rows() -> list[Traitement]:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return [Traitement(**row) for row in csv.DictReader(file)]
