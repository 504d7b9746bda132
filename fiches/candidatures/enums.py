"""The closed lists of a dossier's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Etat(models.TextChoices):
    """Where a dossier stands, in the words of its applicant."""

    BROUILLON = "brouillon", _("not sent")
    RECU = "recu", _("received")
    EN_RELECTURE = "en_relecture", _("being reviewed")
    CORRECTIONS_DEMANDEES = "corrections_demandees", _("corrections asked for")
    APPROUVE = "approuve", _("approved")
    PUBLIE = "publie", _("published")
    REFUSE = "refuse", _("refused")
    RETIRE = "retire", _("withdrawn")


EDITABLE = frozenset({Etat.BROUILLON, Etat.CORRECTIONS_DEMANDEES})
"""The applicant writes."""

WITH_STAFF = frozenset({Etat.RECU, Etat.EN_RELECTURE, Etat.APPROUVE})
"""The staff decide."""

OVER = frozenset({Etat.REFUSE, Etat.RETIRE})

MERGED = gettext_noop("Your dossier is closed: the team does not go on with it")
"""What the history of a dossier that was merged into another says; it reveals no other dossier."""

NEXT_STEPS = {
    Etat.RECU: _("to be read"),
    Etat.EN_RELECTURE: _("to be decided"),
    Etat.CORRECTIONS_DEMANDEES: _("the company corrects"),
    Etat.APPROUVE: _("to be put online"),
}
"""What is to be done next, for the staff."""

NO_AGREEMENT = _("to be asked again for its agreement")


def next_step(dossier, *, kept_off):
    """What the staff do next with a dossier; ``kept_off``: its company no longer agrees that it be published."""
    return NO_AGREEMENT if kept_off and dossier.etat in WITH_STAFF else NEXT_STEPS.get(dossier.etat, "")


class Usage(models.TextChoices):
    """What a link opens."""

    DOSSIER = "dossier", _("dossier")
    BON_A_TIRER = "bon_a_tirer", _("proof")


class Role(models.TextChoices):
    """What a file is for."""

    PHOTO = "photo", _("photo")
    LOGO = "logo", _("logo")
    DOCUMENT = "document", _("document")


class Suite(models.TextChoices):
    """What became of a tip."""

    NOUVEAU = "nouveau", _("new")
    INVITE = "invite", _("invited")
    ECARTE = "ecarte", _("set aside")
