"""The subscription to the road books, and the sending of one: once to each subscriber, through the outbox, resumed after any
interruption."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_tasks import task

from etapes.carnets.mail_composition import STOP, compose, in_other_languages
from etapes.carnets.models import CarnetIndexPage, CarnetPage, Diffusion, EtatDeDiffusion, Exemplaire
from fiches.mail import outbox, subscriptions
from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import Abonnement, Courriel
from fiches.models.enums import Envoi
from fiches.upkeep.periodic import for_each

# Value of ``Abonnement.nature``.
NATURE = "carnets"
BATCH_SIZE = 200


class SendingRefused(Exception):  # noqa: N818 - a refusal, not an error
    """The road book can't be sent now. ``str()`` is the reason, for the user."""


def subscribers() -> QuerySet:
    """The confirmed subscriptions to the road books."""
    return Abonnement.objects.confirmed().filter(nature=NATURE)


@transaction.atomic
def launch(carnet: CarnetPage, *, objet: Any, by: Any) -> Diffusion:
    """Starts sending the live version of the road book to all confirmed subscribers.

    :returns: the ``Diffusion``.
    :raises SendingRefused: it is not live, has unpublished changes, was sent already, or has no subscribers.
    """
    if not CarnetPage.objects.visible().filter(pk=carnet.pk).exists():
        raise SendingRefused(
            _("This road book is not online: publish it first, so that the mail’s links lead somewhere.")
        )
    live = CarnetPage.objects.get(pk=carnet.pk)
    if live.has_unpublished_changes:
        raise SendingRefused(_("Changes are not published yet: publish them, or the mail would not say what you see."))
    if not subscribers().exists():
        raise SendingRefused(_("Nobody has subscribed yet."))
    html, texte = compose(live)
    others = in_other_languages(live, set(subscribers().values_list("langue", flat=True).distinct()))
    try:
        with transaction.atomic():
            diffusion = Diffusion.objects.create(
                carnet=live, objet=objet, html=html, texte=texte, autres_langues=others, lance_par=by
            )
    except IntegrityError:
        raise SendingRefused(_("This road book was sent already: nobody gets it twice.")) from None
    transaction.on_commit(lambda: distribute.enqueue(diffusion.pk))
    return diffusion


@task()
def distribute(pk: int) -> bool:
    """Task: puts the mails not yet written into the outbox, in batches. May be interrupted and run again."""
    while _write_batch(pk):
        pass
    return conclude(pk)


@transaction.atomic
def _write_batch(pk: int) -> int:
    """Writes up to :data:`BATCH_SIZE` copies with their mails in one transaction; returns their number."""
    diffusion = Diffusion.objects.select_for_update().filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).first()
    if diffusion is None:
        return 0
    waiting = subscribers().filter(confirme_le__lte=diffusion.lance_le)
    batch = list(waiting.exclude(exemplaires__diffusion=diffusion).order_by("pk")[:BATCH_SIZE])
    fingerprints = {abonne: recipient_fingerprint(abonne.courriel) for abonne in batch}
    Exemplaire.objects.bulk_create(
        Exemplaire(diffusion=diffusion, empreinte=empreinte, abonne=abonne)
        for abonne, empreinte in fingerprints.items()
    )
    letters = [
        (f"carnet:{diffusion.pk}:{empreinte}", abonne.courriel, abonne, {"diffusion": diffusion.pk})
        for abonne, empreinte in fingerprints.items()
    ]
    outbox.post_all(letters, modele="carnet")
    return len(batch)


def recipient_fingerprint(courriel: str) -> str:
    """A keyed hash (HMAC) of an address: it identifies a subscriber, and reveals nothing without the site's key."""
    return salted_hmac("etapes.carnets.exemplaire", courriel, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Progress:
    """Progress of a sending, in mails: ``partis`` sent, ``perdus`` given up, ``attendent`` waiting, of ``total``."""

    total: int
    partis: int
    perdus: int

    @property
    def attendent(self) -> int:
        return self.total - self.partis - self.perdus


def progress(diffusion: Diffusion) -> Progress:
    """Computes the :class:`Progress` of a ``Diffusion``. Two queries, whatever the number of subscribers."""
    if diffusion.etat == EtatDeDiffusion.TERMINEE:
        return Progress(diffusion.partis + diffusion.perdus, diffusion.partis, diffusion.perdus)
    due = subscribers().filter(confirme_le__lte=diffusion.lance_le)
    unwritten = due.exclude(exemplaires__diffusion=diffusion).count()
    states = Counter(letters_of(diffusion).values_list("etat", flat=True))
    lost = states[Envoi.ARRETE] + states[Envoi.REFUSE] + states[Envoi.PERIME]
    return Progress(unwritten + states.total(), states[Envoi.ENVOYE], lost)


def letters_of(diffusion: Diffusion) -> QuerySet:
    """The outbox rows of a sending."""
    return Courriel.objects.filter(cle__startswith=f"carnet:{diffusion.pk}:")


def conclude(pk: int) -> bool:
    """Marks the sending as finished once no mail is waiting; returns whether it is finished."""
    diffusion = Diffusion.objects.filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).first()
    if diffusion is None:
        return True
    current = progress(diffusion)
    if current.attendent:
        return False
    Diffusion.objects.filter(pk=pk, etat=EtatDeDiffusion.EN_COURS).update(
        etat=EtatDeDiffusion.TERMINEE, termine_le=timezone.now(), partis=current.partis, perdus=current.perdus
    )
    return True


def resume() -> int:
    """Periodic: resumes unfinished sendings; returns their number."""
    pks = list(Diffusion.objects.filter(etat=EtatDeDiffusion.EN_COURS).values_list("pk", flat=True))
    return for_each(pks, distribute.func)


def send_test(carnet: CarnetPage, *, objet: str, to: str) -> None:
    """Queues the latest revision of the road book, published or not, to one address."""
    draft = carnet.get_latest_revision_as_object()
    html, texte = compose(draft)
    outbox.post(
        f"carnet-essai:{carnet.pk}:{get_random_string(10)}",
        modele="carnet_essai",
        destinataires=[to],
        contexte={"objet": objet, "html": html, "texte": texte},
    )


class RoadBooks(subscriptions.Kind):
    nature = NATURE
    title = gettext_lazy("Get the road books by mail")
    intro = gettext_lazy("Each issue, the day it comes out. No account, no password; one click stops it.")
    purpose = gettext_lazy("to send you the road books")

    def phrase(self, question: str) -> str:
        return _("The road books")


ISSUE = Wording(
    gettext_lazy("Road books: an issue"),
    ("objet", "texte", "arret"),
    ("objet",),
)
TRIAL = Wording(gettext_lazy("Road books: a trial"), ("objet", "texte"), ("objet",))


def register() -> None:
    subscriptions.register_kind(RoadBooks(), CarnetIndexPage, "abonnement")
    register_letter("carnet", ISSUE, complete=_issue, finish=_finish_issue, language=subscriptions.language)
    register_letter("carnet_essai", TRIAL, finish=_finish_trial)


def _issue(courriel: Courriel) -> dict[str, str]:
    diffusion = Diffusion.objects.filter(pk=courriel.contexte["diffusion"]).first()
    if diffusion is None or courriel.sujet is None:
        raise Obsolete
    stop = subscriptions.stop_address(courriel.sujet)
    texte = diffusion.in_language(get_language())["texte"]
    return {"objet": diffusion.objet, "texte": texte.replace(STOP, stop), "arret": stop}


def _finish_issue(message: Any, courriel: Any) -> None:
    """Sets the issue's HTML with the subscriber's unsubscribe URL, and the one-click headers (RFC 8058)."""
    stop = subscriptions.stop_address(courriel.sujet)
    html = Diffusion.objects.get(pk=courriel.contexte["diffusion"]).in_language(get_language())["html"]
    message.alternatives.clear()
    message.attach_alternative(html.replace(STOP, stop), "text/html")
    subscriptions.offer_one_click(message, courriel.sujet, name="carnets")


def _finish_trial(message: Any, courriel: Courriel) -> None:
    message.alternatives.clear()
    message.attach_alternative(courriel.contexte["html"], "text/html")
