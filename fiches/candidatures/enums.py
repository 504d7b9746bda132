"""Enumerations of the dossiers and the tips."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.candidatures.models import Dossier
from django.utils.translation import gettext_noop


class Etat(models.TextChoices):
    """The states of a dossier, labelled for its applicant."""

    BROUILLON = "brouillon", _("not sent")
    RECU = "recu", _("received")
    EN_RELECTURE = "en_relecture", _("being reviewed")
    CORRECTIONS_DEMANDEES = "corrections_demandees", _("corrections asked for")
    APPROUVE = "approuve", _("approved")
    PUBLIE = "publie", _("published")
    REFUSE = "refuse", _("refused")
    RETIRE = "retire", _("withdrawn")


# The applicant may change the answers.
EDITABLE = frozenset({Etat.BROUILLON, Etat.CORRECTIONS_DEMANDEES})

# The staff have to decide.
WITH_STAFF = frozenset({Etat.RECU, Etat.EN_RELECTURE, Etat.APPROUVE})

OVER = frozenset({Etat.REFUSE, Etat.RETIRE})

# The line of history of a dossier whose fiche was taken off the site.
OFFLINE = gettext_noop("The fiche is no longer online")

# The state of a dossier whose company withdrew its agreement, for the staff and for the company.
NOT_AGREED = _("no longer agrees to be published")


def state_shown(dossier: "Dossier", *, lacks_consent: bool, state: "StrOrPromise") -> "StrOrPromise":
    """Returns the state of a dossier for those who read it: ``state``, unless its company withdrew the consent to be published
    (``lacks_consent``) and the dossier is not over."""
    return NOT_AGREED if lacks_consent and dossier.etat not in OVER else state


class RoleDePiece(models.TextChoices):
    """The kinds of files."""

    PHOTO = "photo", _("photo")
    LOGO = "logo", _("logo")
    DOCUMENT = "document", _("document")


class Suite(models.TextChoices):
    """The outcomes of a tip."""

    NOUVEAU = "nouveau", _("new")
    INVITE = "invite", _("invited")
    ECARTE = "ecarte", _("set aside")
