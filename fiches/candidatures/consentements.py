"""Consents of a dossier, one per purpose, stored with their wording; applies a withdrawal to the fiche at once.

The boxes are unticked at first. Rows of `Consentement` are only added: the last one of a purpose is in force.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex, Revision

from fiches.candidatures.dossier_transitions import locked, record_event
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Consentement, Dossier, Modification
from fiches.candidatures.pieces import delete_illustrations
from fiches.content_language import in_default_language
from fiches.models.bulk import update
from fiches.models.champs import CHAMPS, label_of
from fiches.models.declaration import ValueKind, Visibility
from fiches.models.querysets import lock_rows
from fiches.models.revisions import rewrite_revisions
from fiches.pages.copies import copies_of
from fiches.upkeep.erasure_log import CONSENT, note_erasure
from fiches.upkeep.personal_data.person import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.models import FichePage


VERSION = "2026-11"


class Finalite(NamedTuple):
    """``nom``: the name of what the consent is about, for the staff; ``effet``: what its withdrawal changes, for the company."""

    libelle: "StrOrPromise"
    nom: "StrOrPromise"
    effet: "StrOrPromise"


CONSENTED = [champ for champ in CHAMPS if champ.visibility is Visibility.CONSENT]
CONTACT_EFFECT = _(
    "This detail leaves the fiche’s contact at once. If a sentence of the fiche holds it, the team corrects the sentence."
)
FINALITES = {
    "publication": Finalite(
        _(
            "I agree that the description of our innovation be published as a fiche, on this site and on those of the partners."
        ),
        _("publication of the fiche"),
        _("The fiche leaves this site and our partners’ sites at once. If it is not online, it will not be published."),
    ),
    **{
        champ.name: Finalite(champ.consent, (champ.question and champ.question.label) or champ.label, CONTACT_EFFECT)
        for champ in CONSENTED
    },
    "droits_photo": Finalite(
        _("I hold the rights of the pictures sent, the people shown agreed, and they may be published with the fiche."),
        _("pictures"),
        _("The photo and the logo leave the fiche and the whole site at once."),
    ),
    "actualites": Finalite(
        _("I would like to receive news of the rally by e-mail."),
        _("news by e-mail"),
        _("You get no more news of the rally by e-mail."),
    ),
}
CONTACT = tuple(champ.name for champ in CONSENTED)
NAME = "contact_nom"
PREFIX = "consentement_"


def current_consents(dossier: Dossier) -> dict[str, Consentement]:
    """Returns ``{purpose: Consentement}``, the last row of each purpose."""
    return {consent.finalite: consent for consent in dossier.consentements.all()}


def granted(dossier: Dossier) -> set[str]:
    """Returns the set of the purposes that are agreed to now."""
    return {finalite for finalite, consent in current_consents(dossier).items() if consent.accorde}


def latest_answer(finalite: Any) -> Any:
    """Returns, as an expression for a query of dossiers, whether the company agrees to a purpose; None if it never answered."""
    last = Consentement.objects.filter(dossier=OuterRef("pk"), finalite=finalite).order_by("-pk")
    return Subquery(last.values("accorde")[:1])


def with_news_address(dossiers: QuerySet) -> QuerySet:
    """Annotates dossiers with ``nouvelles``: the e-mail address if the consent to receive news is in force, else ``""``."""
    agreed = Q(_agreed=True)
    return dossiers.alias(_agreed=latest_answer("actualites")).annotate(
        nouvelles=Case(When(agreed, then=F("courriel")), default=Value(""))
    )


def lacks_publication_consent(dossier: Dossier) -> bool:
    """Whether a dossier was sent and is not over, and its company withdrew the consent to publish it."""
    return dossier.numero is not None and not dossier.clos and "publication" in withdrawn_purposes(dossier)


def withdrawn_purposes(dossier: Dossier) -> set[str]:
    """Returns the set of the purposes whose consent was withdrawn."""
    return {finalite for finalite, consent in current_consents(dossier).items() if not consent.accorde}


@transaction.atomic
def record_consents(*, dossier: Any, choices: dict[str, bool], auteur: Any = None) -> None:
    """Adds a row for each purpose of ``choices`` (``{purpose: bool}``) that differs from the consents in force."""
    before = current_consents(dossier)
    for finalite, accorde in choices.items():
        answered = before.get(finalite)
        if bool(accorde) == bool(answered and answered.accorde):
            continue
        Consentement.objects.create(
            dossier=dossier,
            finalite=finalite,
            libelle=str(FINALITES[finalite].libelle),
            version=VERSION,
            accorde=bool(accorde),
            auteur=auteur,
        )
        if accorde and answered:
            note_erasure(CONSENT, f"{dossier.pk}:{finalite}", undone=True)


@transaction.atomic
def withdraw_consent(*, dossier: Dossier, finalite: str, auteur: Any = None) -> None:
    """Withdraws one consent. Does nothing if it is not in force.

    A contact detail or a photo is removed from the draft, the live page and the revisions. Without the consent to publish,
    the fiche is unpublished.

    :param auteur: the member of the staff who does it; None for the company itself.
    """
    dossier = locked_with_fiches(dossier)
    if finalite not in granted(dossier):
        return
    record_consents(dossier=dossier, choices={finalite: False}, auteur=auteur)
    note_erasure(CONSENT, f"{dossier.pk}:{finalite}")
    save_consent_answer(dossier, finalite, agreed=False)
    _apply_withdrawal(finalite, dossier, auteur)
    if finalite == "droits_photo":
        delete_illustrations(dossier)
    _record_withdrawal(dossier, finalite, auteur)


def purpose_of(text: str) -> str:
    """Returns a purpose that a page sent.

    :raises Http404: it is none.
    """
    if text not in FINALITES:
        raise Http404
    return text


@in_default_language
def _record_withdrawal(dossier: Dossier, finalite: str, auteur: AbstractUser | None) -> None:
    """Writes the withdrawal in the history; if it is the company's, mails the team, and says whether a sentence of the fiche still holds
    the detail."""
    with override(None):
        wording = str(FINALITES[finalite].libelle)  # untranslated: a message id
    line = record_event(dossier, gettext_noop("Consent withdrawn: %(wording)s"), auteur=auteur, wording=wording)
    if auteur is not None or not dossier.soumis:
        return
    fact = gettext("a consent is withdrawn (%(what)s)")
    if places_with_detail(dossier, finalite):
        fact = gettext(
            "a consent is withdrawn (%(what)s), and a sentence of the fiche still holds what it was about: correct it"
        )
    notify_staff(dossier, fact % {"what": FINALITES[finalite].nom}, cle=f"equipe-consentement:{line.pk}")


def save_consent_answer(dossier: Dossier, finalite: str, *, agreed: bool) -> None:
    """Stores a consent among the answers, as a new revision, so that a tab with the former box does not restore it."""
    champ = PREFIX + finalite
    dossier.revision += 1
    Modification.objects.create(
        dossier=dossier, revision=dossier.revision, champ=champ, avant=dossier.reponses.get(champ), apres=agreed
    )
    dossier.reponses = {**dossier.reponses, champ: agreed}
    dossier.save(update_fields=["reponses", "revision"])


def fiches_of(dossier: Dossier) -> "list[FichePage]":
    """Returns the fiche of a dossier, then its translations and aliases that are not the fiche of another dossier."""
    if dossier.fiche is None:
        return []
    others = Dossier.objects.exclude(pk=dossier.pk).exclude(fiche=None).values("fiche")
    return [dossier.fiche, *copies_of(dossier.fiche).exclude(pk__in=others)]


def locked_with_fiches(dossier: Dossier) -> Dossier:
    """Locks the rows of a dossier's fiches (:func:`fiches_of`), then the dossier's row, and returns the dossier reloaded. Called before
    several of these fiches are changed."""
    current = Dossier.objects.select_related("fiche").get(pk=dossier.pk)
    lock_rows([page.pk for page in fiches_of(current)])
    return locked(current)


def is_online(dossier: Dossier) -> bool:
    """Whether the fiche of a dossier, or a copy of it, is on the site."""
    return any(page.live for page in fiches_of(dossier))


def take_offline(dossier: Dossier, *, by: AbstractUser | None = None) -> None:
    """Unpublishes the fiches of a dossier and cancels their workflows.

    The decision is the company's: the permissions of ``by`` and the locks of the pages are not checked.
    """
    for page in fiches_of(dossier):
        if state := page.current_workflow_state:
            state.cancel(user=by)
        if page.live:
            # Named, the withdrawal is not a decision of the staff's: nobody puts the page back online alone.
            UnpublishPageAction(page, user=by, log_action="wagtail.unpublish").execute(skip_permission_checks=True)


def _apply_withdrawal(finalite: str, dossier: Dossier, auteur: AbstractUser | None) -> None:
    if finalite == "publication":
        take_offline(dossier, by=auteur)
    elif values := hidden_values(finalite):
        if finalite == NAME:
            forget_credits(dossier)
        for page in fiches_of(dossier):
            hide(page, values, author=contact_name(dossier) if finalite == NAME else "")


def hidden_values(finalite: str) -> dict[str, Any]:
    """Returns ``{column: value}`` to write on a fiche without this consent; empty if the consent hides no column."""
    if finalite in CONTACT:
        return {f"{finalite}_public": False}
    if finalite == "droits_photo":
        return {"photo_id": None, "logo_id": None, "photo_alt": "", "logo_alt": ""}
    return {}


def hide_withdrawn_details(page: "FichePage", dossier: Dossier) -> None:
    """Hides the contact details whose consent was withdrawn, also if an editor ticked their box again or wrote the name under a
    quotation."""
    if gone := set(CONTACT) & withdrawn_purposes(dossier):
        author = contact_name(dossier) if NAME in gone else ""
        hide(page, {f"{finalite}_public": False for finalite in gone}, author=author)


def hide(page: "FichePage", values: dict[str, Any], *, author: str = "") -> None:
    """Writes ``values`` (``{column: value}``) on the page and in each of its revisions, so that no revision restores the
    former ones; updates the reference index.

    :param author: a name that leaves the quotations that it signs.
    """
    body = json.dumps(without_author(page.corps.get_prep_value(), author))
    update(type(page).objects.filter(pk=page.pk), **values, corps=page._meta.get_field("corps").to_python(body))
    hidden = {name.removesuffix("_id"): value for name, value in values.items()}

    def hidden_in(revision: Revision) -> dict[str, Any]:
        blocks = without_author(json.loads(revision.content.get("corps") or "[]"), author)
        return {**revision.content, **hidden, "corps": json.dumps(blocks)}

    rewrite_revisions(page, hidden_in)
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page)


def contact_name(dossier: Dossier) -> str:
    return (dossier.reponses.get(NAME) or "").strip()


def signed_answers(dossier: Dossier) -> list[str]:
    """Returns the names of the answers, beside the contact's own, that are exactly the contact's name."""
    name = contact_name(dossier)
    return [each for each in ("citation_auteur", "photo_credit") if name and dossier.reponses.get(each) == name]


def forget_credits(dossier: Dossier) -> None:
    """Empties the credits of the dossier's pictures that are exactly the contact's name."""
    images, name = get_image_model(), contact_name(dossier)
    if name and hasattr(images, "credit"):  # Wagtail's own pictures have none
        update(images.objects.filter(pk__in=dossier.pieces.values("illustration"), credit=name), credit="")


def without_author(blocks: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Returns the raw blocks of a fiche, without the author of the quotations whose author is exactly ``name``."""
    anonymous = {"auteur": "", "fonction": ""}
    return [
        {**block, "value": {**block["value"], **anonymous}}
        if name and block["type"] == "citation" and (block["value"].get("auteur") or "").strip() == name
        else block
        for block in blocks
    ]


TEXTS = [
    champ
    for champ in CHAMPS
    if champ.label
    and champ.visibility is Visibility.PUBLIC
    and champ.kind in {ValueKind.TEXT, ValueKind.LONG_TEXT, ValueKind.BODY}
]
# How to find each contact detail in a text.
SOUGHT: dict[str, Callable[[str], Person]] = {
    "contact_nom": lambda value: Person(names={value}),
    "contact_courriel": lambda value: Person(courriel=value),
    "contact_telephone": lambda value: Person(phones={value}),
}


def places_with_detail(dossier: Dossier, finalite: str) -> list[SafeString]:
    """Returns, for the staff, a sentence with a link to the form for each text of a fiche of the dossier that holds a contact detail. None
    of them changes by itself once the consent is withdrawn."""
    message = gettext('The text “{column}” of <a href="{address}">{title}</a> names this person: correct it by hand.')
    return [
        format_html(
            message,
            column=column,
            address=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            title=page.get_admin_display_title(),
        )
        for page in (fiches_of(dossier) if finalite in SOUGHT else ())
        for column in _texts_with_detail(page, finalite, dossier)
    ]


def _texts_with_detail(page: "FichePage", name: str, dossier: Dossier) -> "list[StrOrPromise]":
    """Returns the labels of the texts of a fiche that hold a contact detail, the credit of its photo included."""
    values = {getattr(page, name), dossier.reponses.get(name)} - {"", None}
    texts = {champ.label: _text(page, champ.name) for champ in TEXTS}
    texts[label_of("photo")] = getattr(page.photo, "credit", "")
    return [label for label, text in texts.items() if any(SOUGHT[name](value).is_in(text) for value in values)]


def _text(page: "FichePage", name: str) -> Any:
    value = getattr(page, name, "")
    return value.get_prep_value() if hasattr(value, "get_prep_value") else str(value or "")
