"""An issue is sent once to each subscriber, through the durable queue: begun, gone on with after any interruption, ended."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django_tasks import task

from etapes.carnets.lettre import composed, in_other_languages
from etapes.carnets.models import Abonne, CarnetPage, Diffusion, EtatDeDiffusion, Exemplaire
from fiches.mail import outbox
from fiches.models import Courriel
from fiches.models.enums import Envoi
from fiches.upkeep.periodic import for_each

A_BATCH = 200


class Refused(Exception):  # noqa: N818 - an answer to a person, in words
    """It can't be sent now; the message says why."""


@transaction.atomic
def launch(carnet, *, objet, by):
    """Begins to send the issue, as it is online now, to everyone whose subscription is confirmed.

    :raises Refused: it is not online as it was last written, it was sent already, or nobody awaits it.
    """
    if not CarnetPage.objects.visible().filter(pk=carnet.pk).exists():
        raise Refused(_("This road book is not online: publish it first, so that the mail’s links lead somewhere."))
    live = CarnetPage.objects.get(pk=carnet.pk)
    if live.has_unpublished_changes:
        raise Refused(_("Changes are not published yet: publish them, or the mail would not say what you see."))
    if not Abonne.objects.confirmed().exists():
        raise Refused(_("Nobody has subscribed yet."))
    html, texte = composed(live)
    others = in_other_languages(live, set(Abonne.objects.confirmed().values_list("langue", flat=True).distinct()))
    try:
        with transaction.atomic():
            diffusion = Diffusion.objects.create(
                carnet=live, objet=objet, html=html, texte=texte, autres_langues=others, lance_par=by
            )
    except IntegrityError:
        raise Refused(_("This road book was sent already: nobody gets it twice.")) from None
    transaction.on_commit(lambda: distribute.enqueue(diffusion.pk))
    return diffusion


@task()
def distribute(pk):
    """Writes the copies that nobody wrote yet, a batch at a time; interrupted, it finds the same to do the next time."""
    while _write_batch(pk):
        pass
    return conclude(pk)


@transaction.atomic
def _write_batch(pk):
    """Writes up to :data:`A_BATCH` copies with their mails, together or not at all; how many."""
    diffusion = Diffusion.objects.select_for_update().filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).first()
    if diffusion is None:
        return 0
    waiting = Abonne.objects.confirmed().filter(confirme_le__lte=diffusion.lance_le)
    batch = list(waiting.exclude(exemplaires__diffusion=diffusion).order_by("pk")[:A_BATCH])
    marks = {abonne: fingerprint(abonne.courriel) for abonne in batch}
    Exemplaire.objects.bulk_create(
        Exemplaire(diffusion=diffusion, empreinte=mark, abonne=abonne) for abonne, mark in marks.items()
    )
    letters = [
        (f"carnet:{diffusion.pk}:{mark}", abonne.courriel, abonne, {"diffusion": diffusion.pk})
        for abonne, mark in marks.items()
    ]
    outbox.post_all(letters, modele="carnet")
    return len(batch)


def fingerprint(courriel):
    """Of an address, the same whenever it is asked; nobody without the site's key can tell whose it is."""
    return salted_hmac("etapes.carnets.exemplaire", courriel, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Progress:
    """How far a sending is; ``total`` is everyone who gets it."""

    total: int
    partis: int
    perdus: int

    @property
    def attendent(self):
        return self.total - self.partis - self.perdus


def progress(diffusion):
    """The :class:`Progress`. Three queries, whatever the number of subscribers."""
    if diffusion.etat == EtatDeDiffusion.TERMINEE:
        return Progress(diffusion.partis + diffusion.perdus, diffusion.partis, diffusion.perdus)
    written = diffusion.exemplaires.count()
    due = Abonne.objects.confirmed().filter(confirme_le__lte=diffusion.lance_le)
    unwritten = due.exclude(exemplaires__diffusion=diffusion).count()
    states = [*letters_of(diffusion).exclude(etat=Envoi.ENVOYE).values_list("etat", flat=True)]
    lost = states.count(Envoi.ABANDONNE)
    return Progress(written + unwritten, written - len(states), lost)


def letters_of(diffusion):
    return Courriel.objects.filter(cle__startswith=f"carnet:{diffusion.pk}:")


def conclude(pk):
    """Notes that a sending is over once every copy has left or was given up; whether it is."""
    diffusion = Diffusion.objects.filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).first()
    if diffusion is None:
        return True
    reached = progress(diffusion)
    if reached.attendent:
        return False
    Diffusion.objects.filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).update(
        etat=EtatDeDiffusion.TERMINEE, termine_le=timezone.now(), partis=reached.partis, perdus=reached.perdus
    )
    return True


def resume():
    """Goes on with what a dead worker or a lost task left behind; how many sendings are under way."""
    pks = list(Diffusion.objects.filter(etat=EtatDeDiffusion.EN_COURS).values_list("pk", flat=True))
    return for_each(pks, distribute.func)


def send_test(carnet, *, objet, to):
    """The issue as it was last written, published or not, to one address of the staff."""
    draft = carnet.get_latest_revision_as_object()
    html, texte = composed(draft)
    outbox.post(
        f"carnet-essai:{carnet.pk}:{get_random_string(10)}",
        modele="carnet_essai",
        destinataires=[to],
        contexte={"objet": objet, "html": html, "texte": texte},
    )
