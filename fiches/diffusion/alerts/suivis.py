"""The only writer of the followed searches: asked for, confirmed, changed, stopped, and forgotten."""

from datetime import timedelta
from hashlib import blake2b

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from fiches import langues
from fiches.diffusion.models import Rythme, Suivi
from fiches.mail import outbox
from fiches.mail.subscriptions import Secrets
from fiches.models import FicheIndexPage
from fiches.query.filtre import FicheFilter
from fiches.query.phrase import followed
from fiches.upkeep.retention import SUBSCRIPTIONS

WAITS = timedelta(days=7)
"""What nobody confirmed is deleted then, its address with it."""
NOT_FOLLOWED = ("page", "par_page", "tri", "depuis")

_secrets = Secrets("fiches.diffusion.suivi")


def question_of(found):
    """What is followed of a FicheFilter: the filters, without the order, the page or a date."""
    with langues.activated(langues.default_language()):  # it is read again where no address tells the language
        return found.querystring(sans=NOT_FOLLOWED)


def read(question):
    """The FicheFilter that a followed question is."""
    return FicheFilter.parse(QueryDict(question))


def language(suivi):
    """That of the fiches which it follows."""
    return read(suivi.question).langue


def phrase(suivi):
    """What is followed, in words."""
    return followed(read(suivi.question))


def list_address(suivi):
    """The list of what answers, or "" where no list is online."""
    index_page = FicheIndexPage.objects.registered().visible().in_language().first()
    if index_page is None:
        return ""
    return f"{index_page.full_url}?{suivi.question}" if suivi.question else index_page.full_url


def token(suivi):
    """The secret of the follow's address."""
    return _secrets.of(suivi.cle)


def suivi_of(text):
    """The follow that a token opens, or ``None``."""
    key = _secrets.key(text)
    return key and Suivi.objects.filter(cle=key).first()


@transaction.atomic
def ask(*, courriel, question, rythme):
    """Keeps the wish and mails a link to confirm it; for one that is followed already, the link to its settings.

    At most one mail a day and follow: nobody fills another's mailbox. Nothing tells the one who asks which it was.
    """
    mark = blake2b(question.encode(), digest_size=16).hexdigest()
    wanted = {"question": question, "rythme": Rythme(rythme)}
    suivi, created = Suivi.objects.get_or_create(courriel=courriel, marque=mark, defaults=wanted)
    if not created and suivi.confirme_le is None:
        suivi.rythme, suivi.demande_le = rythme, timezone.now()
        suivi.save(update_fields=["rythme", "demande_le"])
    day = timezone.localdate()
    outbox.post(f"suivi:{suivi.pk}:{day}", modele="suivi", destinataires=[courriel], sujet=suivi)
    return suivi


def confirm(*, suivi):
    """From now on the address is told of what is new. Twice is once."""
    Suivi.objects.unconfirmed().filter(pk=suivi.pk).update(confirme_le=timezone.now())


def change(*, suivi, rythme):
    Suivi.objects.filter(pk=suivi.pk).update(rythme=Rythme(rythme))


def stop(*, suivi):
    """The address is forgotten, with the mails that wait for it."""
    Suivi.objects.filter(pk=suivi.pk).delete()


def forget_address(courriel):
    """Everything that an address follows; returns how many searches that was."""
    followed_by = Suivi.objects.filter(courriel=courriel)
    number = followed_by.count()
    followed_by.delete()
    return number


def forgotten(now):
    """What nobody confirmed in a week."""
    return Suivi.objects.unconfirmed().filter(demande_le__lt=now - WAITS)


def old(now):
    """What was confirmed so long ago that it is to be asked for again."""
    return Suivi.objects.filter(confirme_le__lt=now - SUBSCRIPTIONS)
