"""The proof (« bon à tirer »): the company reads its fiche before it is published, and its answer is kept."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fiches import courrier
from fiches.candidatures.enums import Usage
from fiches.candidatures.historique import WrongStateError, locked, tell
from fiches.candidatures.jetons import revoke
from fiches.candidatures.lettres import tell_staff
from fiches.candidatures.models import Accord
from fiches.langues import in_own_words


@transaction.atomic
def ask_for_proof(*, dossier, by):
    """Sends the company a link to the latest revision of its fiche; a link sent before no longer works.

    :raises WrongStateError: there is no fiche to show.
    """
    current = locked(dossier)
    revision = current.fiche.get_latest_revision() if current.fiche else None
    if revision is None:
        raise WrongStateError(_("This dossier has no fiche to show yet."))
    revoke(current, usage=Usage.BON_A_TIRER)
    accord = Accord.objects.create(dossier=current, revision=revision, revision_numero=revision.pk)
    tell(current, gettext_noop("Proof sent to the company"), auteur=by)
    courrier.post(f"bon-a-tirer:{accord.pk}", modele="bon_a_tirer", destinataires=[current.courriel], sujet=current)
    return accord


@transaction.atomic
@in_own_words
def answer_proof(*, accord, nom, agreed, droits_image, annotations):
    """Keeps who answered what, when, about which revision. The first answer is the one that counts."""
    locked(accord.dossier)
    accord = Accord.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=accord.pk)
    if accord.repondu:
        return accord
    accord.nom, accord.accord, accord.droits_image = nom, agreed, droits_image
    accord.annotations, accord.repondu = annotations, timezone.now()
    accord.save()
    agrees, asks = (
        gettext_noop("the company agrees to its proof"),
        gettext_noop("the company asks for changes in its proof"),
    )
    line = tell(accord.dossier, agrees if agreed else asks)
    tell_staff(accord.dossier, line.texte, cle=f"equipe-bon-a-tirer:{accord.pk}")
    return accord


def is_current(accord):
    """The fiche is still as the company read it."""
    return accord.dossier.fiche is not None and accord.dossier.fiche.latest_revision_id == accord.revision_numero
