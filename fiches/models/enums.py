"""Choices of model fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sphere(models.TextChoices):
    """The part of the economy to which an organisation belongs."""

    ESS = "ess", _("social and solidarity economy")
    CLASSIQUE = "classique", _("classic economy")


class StatutJuridique(models.TextChoices):
    """Legal forms of organisations."""

    ASSOCIATION = "association", _("association")
    SARL = "sarl", "SARL"
    EURL = "eurl", "EURL"
    SAS = "sas", "SAS"
    SASU = "sasu", "SASU"
    SA = "sa", "SA"
    SCOP = "scop", "SCOP"
    SCIC = "scic", "SCIC"
    COOPERATIVE = "cooperative", _("cooperative")
    MUTUELLE = "mutuelle", _("mutual society")
    FONDATION = "fondation", _("foundation")
    ENTREPRISE_INDIVIDUELLE = "ei", _("sole trader")
    GROUPEMENT = "groupement", _("group of employers or interest grouping")
    PUBLIC = "public", _("public body")
    AUTRE = "autre", _("other")


class Precision(models.TextChoices):
    """How exactly a place is known."""

    EXACTE = "exacte", _("placed on the map")
    COMMUNE = "commune", _("centre of the commune")
    AUCUNE = "aucune", _("no location")


class Envoi(models.TextChoices):
    """States of a message in the outbox."""

    A_ENVOYER = "a_envoyer", _("to send")
    EN_COURS = "en_cours", _("being sent")
    ENVOYE = "envoye", _("sent")
    ARRETE = "arrete", _("stopped")
    REFUSE = "refuse", _("refused by the mail server")
    PERIME = "perime", _("no longer needed")


# INSEE's bands of staff size (« tranches d'effectif salarié » of the Sirene register): key, lowest, highest.
TRANCHES = [
    ("0", 0, 0),
    ("1-2", 1, 2),
    ("3-5", 3, 5),
    ("6-9", 6, 9),
    ("10-19", 10, 19),
    ("20-49", 20, 49),
    ("50-99", 50, 99),
    ("100-199", 100, 199),
    ("200-249", 200, 249),
    ("250-499", 250, 499),
    ("500-999", 500, 999),
    ("1000-1999", 1000, 1999),
    ("2000-4999", 2000, 4999),
    ("5000-9999", 5000, 9999),
    ("10000", 10000, None),
]


def tranche(effectif: int | None) -> str:
    """The key of the band of ``effectif`` people; ``""`` for None."""
    if effectif is None:
        return ""
    return next(key for key, low, high in TRANCHES if effectif >= low and (high is None or effectif <= high))
