"""The subscription to the road books, and the sending of one: written once to each subscriber, in one transaction, in the outbox."""

from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from etapes.carnets.mail_composition import STOP, compose, in_other_languages
from etapes.carnets.models import CarnetIndexPage, CarnetPage, Diffusion
from fiches.mail import outbox, subscriptions
from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import Abonnement, Courriel
from fiches.models.enums import Envoi

# Value of ``Abonnement.nature``.
NATURE = "carnets"


class SendingRefused(Exception):  # noqa: N818 - a refusal, not an error
    """The road book can't be sent now. ``str()`` is the reason, for the user."""


def subscribers() -> QuerySet:
    """The confirmed subscriptions to the road books."""
    return Abonnement.objects.confirmed().filter(nature=NATURE)


@transaction.atomic
def launch(carnet: CarnetPage, *, objet: Any, by: Any) -> Diffusion:
    """Sends the live version of the road book to all confirmed subscribers.

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
    people = list(subscribers().order_by("pk"))
    try:
        with transaction.atomic():
            diffusion = Diffusion.objects.create(
                carnet=live,
                objet=objet,
                html=html,
                texte=texte,
                autres_langues=others,
                destinataires=len(people),
                lance_par=by,
            )
    except IntegrityError:
        raise SendingRefused(_("This road book was sent already: nobody gets it twice.")) from None
    letters = [
        (f"{_key(diffusion)}{abonne.pk}", abonne.courriel, abonne, {"diffusion": diffusion.pk}) for abonne in people
    ]
    outbox.post_all(letters, modele="carnet")
    return diffusion


def _key(diffusion: Diffusion) -> str:
    """What the keys of a sending's mails begin with."""
    return f"carnet:{diffusion.pk}:"


class Progress(NamedTuple):
    """Progress of a sending, in mails: ``partis`` sent, ``perdus`` given up, ``attendent`` waiting, of ``total``."""

    total: int
    partis: int
    perdus: int
    attendent: int


def progress(diffusion: Diffusion) -> Progress:
    """Computes the :class:`Progress` of a ``Diffusion``."""
    letters = Courriel.objects.filter(cle__startswith=_key(diffusion))
    waiting = letters.filter(etat__in=[Envoi.A_ENVOYER, Envoi.EN_COURS]).count()
    lost = letters.filter(etat__in=[Envoi.ARRETE, Envoi.REFUSE, Envoi.PERIME]).count()
    return Progress(diffusion.destinataires, diffusion.destinataires - waiting - lost, lost, waiting)


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
