"""The consents: one per purpose, unticked, kept with their wording; what withdrawing one changes, everywhere at once."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published

from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.historique import locked, tell
from fiches.candidatures.lettres import tell_staff
from fiches.candidatures.models import Consentement, Dossier, Modification
from fiches.candidatures.pieces import take_back
from fiches.candidatures.signatures import forget_signatures, names_of, signatures_of
from fiches.langues import in_own_words
from fiches.models.bulk import update
from fiches.models.champs import CHAMPS
from fiches.models.declaration import Visibility
from fiches.pages.copies import made_from
from fiches.upkeep.erasures import CONSENT, note_erasure

VERSION = "2026-11"


class Finalite(NamedTuple):
    libelle: str
    obligatoire: bool = False


CONSENTED = [champ for champ in CHAMPS if champ.visibility is Visibility.CONSENT]
FINALITES = {
    "publication": Finalite(
        _(
            "I agree that the description of our innovation be published as a fiche, on this site and on those of the partners."
        ),
        obligatoire=True,
    ),
    **{champ.name: Finalite(champ.consent) for champ in CONSENTED},
    "droits_photo": Finalite(
        _("I hold the rights of the pictures sent, the people shown agreed, and they may be published with the fiche.")
    ),
    "actualites": Finalite(_("I would like to receive news of the rally by e-mail.")),
}
CONTACT = tuple(champ.name for champ in CONSENTED)
NAME = "contact_nom"
PREFIX = "consentement_"


def current(dossier):
    """``{purpose: Consentement}``: the latest of each."""
    return {consent.finalite: consent for consent in dossier.consentements.all()}


def granted(dossier):
    """The purposes agreed to, now."""
    return {finalite for finalite, consent in current(dossier).items() if consent.accorde}


def last_word(finalite):
    """Of each dossier of a query: whether its company agrees to a purpose; None where it never did."""
    last = Consentement.objects.filter(dossier=OuterRef("pk"), finalite=finalite).order_by("-pk")
    return Subquery(last.values("accorde")[:1])


def with_news(dossiers):
    """Adds ``nouvelles`` to a queryset: the address of who agreed, and agrees still, to receive news; else nothing."""
    agreed = Q(_agreed=True)
    return dossiers.alias(_agreed=last_word("actualites")).annotate(
        nouvelles=Case(When(agreed, then=F("courriel")), default=Value(""))
    )


def keeps_off(dossier):
    """It was sent, and its company no longer agrees that it be published."""
    return dossier.numero is not None and dossier.etat not in OVER and "publication" in withdrawn(dossier)


def withdrawn(dossier):
    """The purposes agreed to once, and no longer."""
    return {finalite for finalite, consent in current(dossier).items() if not consent.accorde}


@transaction.atomic
def record(*, dossier, choices, auteur=None):
    """Adds what changed of ``{purpose: bool}``; a consent never given needs no row to be absent."""
    before = granted(dossier)
    for finalite, accorde in choices.items():
        if bool(accorde) == (finalite in before):
            continue
        Consentement.objects.create(
            dossier=dossier,
            finalite=finalite,
            libelle=str(FINALITES[finalite].libelle),
            version=VERSION,
            accorde=bool(accorde),
            auteur=auteur,
        )


@transaction.atomic
def withdraw(*, dossier, finalite, auteur=None):
    """Takes one consent back. A contact detail or a photo leaves the draft, the live page and the revisions; without
    the consent to be published, the fiche leaves the site. Twice is once.

    :param auteur: the member of the staff who does it; None for the company, whose word nobody undoes.
    """
    dossier = locked(dossier)
    if finalite not in granted(dossier):
        if auteur is None:
            _keep_withdrawn_by_the_company(dossier, finalite)
        return
    before = as_it_stands(dossier, finalite) if auteur else None
    record(dossier=dossier, choices={finalite: False}, auteur=auteur)
    note_erasure(CONSENT, f"{dossier.pk}:{finalite}")
    answer(dossier, finalite, agreed=False)
    _take_effect(finalite, dossier, auteur)
    if finalite == "droits_photo":
        take_back(dossier)
    _tell(dossier, finalite, auteur, before)


def _keep_withdrawn_by_the_company(dossier, finalite):
    """The company takes back what the staff took back for it: from now on, the staff can't undo it."""
    last = current(dossier).get(finalite)
    if last is not None and last.auteur_id is not None:
        Consentement.objects.create(
            dossier=dossier, finalite=finalite, libelle=last.libelle, version=last.version, accorde=False
        )


def wording_of(finalite):
    """The wording of a consent as it stands in the code, before any translation."""
    with override(None):
        return str(FINALITES[finalite].libelle)


@in_own_words
def _tell(dossier, finalite, auteur, before):
    more = {"finalite": finalite, "avant": before} if before else {}
    message, wording = gettext_noop("Consent withdrawn: %(wording)s"), wording_of(finalite)
    line = tell(dossier, message, auteur=auteur, wording=wording, **more)
    if auteur is None and dossier.etat != Etat.BROUILLON:
        tell_staff(dossier, gettext("a consent is withdrawn"), cle=f"equipe-consentement:{line.pk}")


def answer(dossier, finalite, *, agreed):
    """The answer of the form follows, as a change like any other: a tab that shows the box as it was doesn't change it."""
    champ = PREFIX + finalite
    dossier.revision += 1
    Modification.objects.create(
        dossier=dossier, revision=dossier.revision, champ=champ, avant=dossier.reponses.get(champ), apres=agreed
    )
    dossier.reponses = {**dossier.reponses, champ: agreed}
    dossier.save(update_fields=["reponses", "revision"])


def fiches_of(dossier):
    """Its fiche, and the translations, aliases and copies of it that no other dossier answers for."""
    if dossier.fiche is None:
        return []
    others = Dossier.objects.exclude(pk=dossier.pk).exclude(fiche=None).values("fiche")
    return [dossier.fiche, *made_from(dossier.fiche).exclude(pk__in=others)]


def take_offline(dossier, *, by=None):
    """None of its fiches is online or waits for a decision. The company decides: neither the rights of ``by``, who writes
    it down, nor a lock keeps a fiche online."""
    for page in fiches_of(dossier):
        if state := page.current_workflow_state:
            state.cancel(user=by)
        if page.live:
            UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)


def _take_effect(finalite, dossier, auteur):
    if finalite == "publication":
        take_offline(dossier, by=auteur)
    elif values := hidden_values(finalite):
        for page in fiches_of(dossier):
            if finalite == NAME:
                forget_signatures(page, signatures_of(page, names_of(dossier, page)))
            hide(page, values)


def hidden_values(finalite):
    """``{column: value}`` that a fiche takes without this consent; empty for one that hides nothing of it."""
    if finalite in CONTACT:
        return {f"{finalite}_public": False}
    if finalite == "droits_photo":
        return {"photo_id": None, "logo_id": None, "photo_alt": "", "logo_alt": ""}
    return {}


def as_it_stands(dossier, finalite):
    """What a withdrawal takes from a fiche, for the ten minutes in which the staff may undo it: ``en_ligne`` (key of the
    revision online, or None), ``en_moderation``, ``page`` (``{column: value}``), ``revisions`` (``{key: {name: value}}``),
    ``signatures`` (see :func:`signatures_of`), ``autres`` (``{key of a fiche made from it: these five}``) and ``images`` (``{key of a picture: {"piece", "titre", "credit"}}``)."""
    if dossier.fiche is None:
        return {}
    own, *others = fiches_of(dossier)
    pieces = dossier.pieces.exclude(illustration=None).select_related("illustration")
    return {
        **_page_as_it_stands(own, dossier, finalite),
        "autres": {str(page.pk): _page_as_it_stands(page, dossier, finalite) for page in others},
        "images": {
            str(piece.illustration_id): {
                "piece": str(piece.cle),
                "titre": piece.illustration.title,
                "credit": getattr(piece.illustration, "credit", ""),
            }
            for piece in (pieces if finalite == "droits_photo" else ())
        },
    }


def _page_as_it_stands(page, dossier, finalite):
    columns = list(hidden_values(finalite))
    names = [column.removesuffix("_id") for column in columns]
    return {
        "en_ligne": page.live_revision_id if page.live else None,
        "en_moderation": page.workflow_in_progress,
        "page": {column: getattr(page, column) for column in columns},
        "revisions": {
            str(revision.pk): {name: revision.content[name] for name in names if name in revision.content}
            for revision in (page.revisions.all() if names else ())
        },
        "signatures": signatures_of(page, names_of(dossier, page) if finalite == NAME else set()),
    }


def keep_withdrawn(page, dossier):
    """A contact detail whose consent was taken back stays private, whoever ticks its box again or writes the name
    under a quotation or a picture."""
    gone = set(CONTACT) & withdrawn(dossier)
    shown = {f"{finalite}_public": False for finalite in gone}
    signed = NAME in gone and forget_signatures(page, signatures_of(page, names_of(dossier, page)))
    if signed or any(getattr(page, name) for name in shown):
        hide(page, shown)


def hide_in_revisions(page, content):
    for revision in page.revisions.all():
        revision.content = {**revision.content, **content}
        revision.save(update_fields=["content"])


def hide(page, values):
    """Writes ``values`` on the page and in each of its revisions, so that none brings them back; nothing is told to refer
    any more to what went."""
    update(type(page).objects.filter(pk=page.pk), **values)
    hide_in_revisions(page, {name.removesuffix("_id"): value for name, value in values.items()})
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page)
    if page.live:
        page_published.send(sender=type(page), instance=page, revision=None)
