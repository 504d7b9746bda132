"""The proof (« bon à tirer »): the company reads its fiche before it is published, and its answer is kept."""

import json
import re

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import COMMENTS_RELATION_NAME, Page

from fiches.candidatures.enums import Usage
from fiches.candidatures.historique import WrongStateError, locked, tell
from fiches.candidatures.jetons import revoke
from fiches.candidatures.lettres import tell_staff
from fiches.candidatures.models import Accord
from fiches.langues import in_default_language
from fiches.mail import outbox

BLOCK_KEY = re.compile(r' data-block-key=\\*"[^"\\]*\\*"')
# The editor's mark on each paragraph.


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
    outbox.post(f"bon-a-tirer:{accord.pk}", modele="bon_a_tirer", destinataires=[current.courriel], sujet=current)
    return accord


@transaction.atomic
@in_default_language
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
    """The fiche still says what the company read: a revision saved without a change of text is no change."""
    fiche = accord.dossier.fiche
    if fiche is None:
        return False
    if fiche.latest_revision_id == accord.revision_numero:
        return True
    return accord.revision is not None and _said(accord.revision) == _said(fiche.latest_revision)


def _said(revision):
    """What a revision shows, without what each saving writes anew: dates, states, keys of child rows and of paragraphs."""
    bookkeeping = {field.name for field in Page._meta.concrete_fields} - {"title"}
    kept = {name: value for name, value in revision.content.items() if name not in bookkeeping}
    kept.pop("page_ptr", None)
    kept.pop(COMMENTS_RELATION_NAME, None)
    kept["corps"] = json.loads(kept.get("corps") or "[]")
    return BLOCK_KEY.sub("", json.dumps(_without_keys(kept), sort_keys=True))


def _without_keys(value):
    if isinstance(value, dict):
        return {name: _without_keys(each) for name, each in value.items() if name not in {"pk", "id"}}
    return [_without_keys(each) for each in value] if isinstance(value, list) else value


def awaited(fiches):
    """What who approves ``fiches`` is to know of their proofs: ``{key of a fiche: text}``, one query."""
    accords = Accord.objects.select_related("dossier__fiche__latest_revision", "revision")
    latest = {
        accord.dossier.fiche_id: accord
        for accord in accords.filter(dossier__fiche__in=[fiche.pk for fiche in fiches]).order_by("pk")
    }
    return {pk: _told(accord) for pk, accord in latest.items()}


def _told(accord):
    """The state of a proof in words."""
    if accord.repondu is None:
        return _("The company was sent a proof of this fiche on %(day)s, and has not answered yet.") % _day(
            accord.demande
        )
    if not accord.accord:
        return _("The company asks for changes in its proof: “%(remarks)s”") % {"remarks": accord.annotations}
    if is_current(accord):
        return _("The company agreed to this fiche on %(day)s.") % _day(accord.repondu)
    return _("The company agreed to its proof; the fiche has changed since.")


def _day(instant):
    return {"day": date_format(timezone.localtime(instant), "DATE_FORMAT")}
