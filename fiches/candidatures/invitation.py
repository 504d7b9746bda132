"""Beginning a dossier: asked for by its organisation, or by the staff who saw a tip."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from fiches.candidatures.enums import Etat, Suite
from fiches.candidatures.historique import locked, note, tell
from fiches.candidatures.jetons import revoke
from fiches.candidatures.models import Appel, Dossier
from fiches.jetons import fingerprint
from fiches.langues import default_language, in_default_language, languages
from fiches.mail import outbox

ONCE_PER = 120
"""Seconds in which the same request sends one mail."""


def normal(courriel):
    return courriel.strip().casefold()


@transaction.atomic
def ask_for_link(*, courriel, appel):
    """Sends ``courriel`` the links of its dossiers, which are written to from then on in the language of who asks. The
    first time a dossier is begun; never an unwanted second one."""
    courriel = normal(courriel)
    appel = hold_call(appel)
    dossiers = list(Dossier.objects.opened_to(courriel))
    langue = get_language() if get_language() in languages() else default_language()
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in dossiers]).update(langue=langue)
    if appel and not any(dossier.appel_id == appel.pk for dossier in dossiers):
        dossiers.append(begin(courriel=courriel, appel=appel, langue=langue))
    if dossiers:
        send_links(courriel, dossiers)
    return dossiers


def hold_call(appel):
    """The call, its row held until the transaction ends: two requests at once begin their dossiers one after the other."""
    return Appel.objects.select_for_update(of=("self",)).filter(pk=appel.pk).first() if appel else None


@in_default_language
def begin(*, courriel, appel, **fields):
    """A draft that knows the address that it was asked from."""
    dossier = Dossier.objects.create(courriel=normal(courriel), appel=appel, **fields)
    if "contact_courriel" not in dossier.reponses:
        dossier.reponses = {**dossier.reponses, "contact_courriel": dossier.courriel}
        dossier.save(update_fields=["reponses"])
    tell(dossier, gettext_noop("Dossier begun"))
    return dossier


def send_links(courriel, dossiers):
    """One mail with the links of ``dossiers``; asked for again within ONCE_PER seconds, it isn't sent again."""
    slot = int(timezone.now().timestamp()) // ONCE_PER
    first = min(dossier.pk for dossier in dossiers)
    outbox.post(
        f"lien:{first}:{len(dossiers)}:{slot}:{fingerprint(courriel)[:16]}",
        modele="lien",
        destinataires=[courriel],
        sujet=None,
        contexte={"dossiers": [dossier.pk for dossier in dossiers], "langue": get_language()},
    )


@transaction.atomic
def begin_another(*, dossier):
    """A second dossier, wanted: same address, same call. One that nobody wrote in yet is given back: twice is once."""
    appel = hold_call(Appel.objects.current() or dossier.appel)
    blank = Dossier.objects.of(dossier.courriel).unsent().filter(appel=appel, revision=0, pieces=None)
    return blank.exclude(pk=dossier.pk).first() or begin(courriel=dossier.courriel, appel=appel, langue=dossier.langue)


@transaction.atomic
def invite(*, signalement, by):
    """Begins the dossier that a tip calls for, filled with what is known, and writes to the organisation. Twice is once;
    an organisation that has a dossier in this call is sent its link.

    :raises ValidationError: no call is open, so that the dossier could not be sent.
    """
    appel = hold_call(Appel.objects.current())
    if existing := signalement.dossiers.first():
        return existing
    if appel is None:
        raise ValidationError(_("No call is open: invite it once one is."))
    own = Dossier.objects.opened_to(normal(signalement.contact)).filter(appel=appel)
    if existing := own.exclude(etat=Etat.REFUSE).first():
        return _told_again(existing, signalement, by=by)
    dossier = begin(
        courriel=signalement.contact,
        appel=appel,
        signalement=signalement,
        organisation=signalement.organisation,
        reponses={"organisation": signalement.organisation, "description": signalement.innovation},
    )
    tell(dossier, gettext_noop("Invited after a tip"), auteur=by)
    _mark_invited(signalement)
    outbox.post(f"invitation:{dossier.pk}", modele="invitation", destinataires=[dossier.courriel], sujet=dossier)
    return dossier


def _told_again(dossier, signalement, *, by):
    """The tip joins the dossier that the organisation has already; its address is sent its own link."""
    studied = dossier.fusionne_dans or dossier
    if studied.signalement_id is None:
        studied.signalement = signalement
        studied.save(update_fields=["signalement"])
    note(studied, _("Somebody else told us of it too"), auteur=by)
    _mark_invited(signalement)
    cle = f"invitation:{dossier.pk}:{signalement.pk}"
    contexte = {"dossiers": [dossier.pk], "langue": dossier.langue}
    outbox.post(cle, modele="lien", destinataires=[dossier.courriel], contexte=contexte)
    return dossier


def _mark_invited(signalement):
    signalement.suite = Suite.INVITE
    signalement.save(update_fields=["suite"])


@transaction.atomic
def invite_again(*, dossier, by):
    """Revokes the links sent before and sends a new one."""
    current = locked(dossier)
    revoke(current)
    line = tell(current, gettext_noop("A new link was sent; the former ones no longer work"), auteur=by)
    contexte = {"dossiers": [current.pk], "langue": current.langue}
    outbox.post(f"relance:{line.pk}", modele="lien", destinataires=[current.courriel], contexte=contexte)
    return current
