"""The proof (« bon à tirer »): sends the fiche to its company before publication, and stores the answer."""

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision

from fiches.candidatures.dossier_transitions import WrongStateError, locked, record_event, require_state
from fiches.candidatures.enums import OVER, Etat, Usage
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Accord
from fiches.candidatures.tokens import revoke
from fiches.content_language import in_default_language
from fiches.mail import outbox

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# The attribute that Draftail puts on each paragraph.
BLOCK_KEY_ATTRIBUTE = re.compile(r' data-block-key=\\*"[^"\\]*\\*"')


@transaction.atomic
def ask_for_proof(*, dossier: "Dossier", by: AbstractUser | AnonymousUser) -> Accord:
    """Mails the company a link to the latest revision of its fiche, and revokes the former link. Returns the new ``Accord``.

    :raises WrongStateError: the dossier is over, or has no fiche.
    """
    current = locked(dossier)
    require_state(current, *(set(Etat) - OVER))
    revision = current.fiche.get_latest_revision() if current.fiche else None
    if revision is None:
        raise WrongStateError(_("This dossier has no fiche to show yet."))
    revoke(current, usage=Usage.BON_A_TIRER)
    accord = Accord.objects.create(dossier=current, revision=revision, revision_numero=revision.pk)
    record_event(current, gettext_noop("Proof sent to the company"), auteur=by)
    outbox.post(f"bon-a-tirer:{accord.pk}", modele="bon_a_tirer", destinataires=[current.courriel], sujet=current)
    return accord


@transaction.atomic
@in_default_language
def answer_proof(*, accord: Accord, nom: str, agreed: bool, droits_image: bool, annotations: str) -> Accord:
    """Stores the company's answer to a proof and notifies the assignee. A second answer is ignored.

    :param nom: name of the person who answers.
    :param agreed: False if the company asks for the changes written in ``annotations``.
    """
    locked(accord.dossier)
    accord = Accord.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=accord.pk)
    if accord.repondu:
        return accord
    accord.nom, accord.accord, accord.droits_image = nom, agreed, droits_image
    accord.annotations, accord.repondu = annotations, timezone.now()
    accord.save()
    agrees, asks = (
        gettext_noop("The company agrees to its proof"),
        gettext_noop("The company asks for changes in its proof"),
    )
    line = record_event(accord.dossier, agrees if agreed else asks)
    # In the mail, the sentence stands after the number of the dossier.
    notify_staff(accord.dossier, line.texte[:1].lower() + line.texte[1:], cle=f"equipe-bon-a-tirer:{accord.pk}")
    return accord


def is_current(accord: Accord) -> bool:
    """Whether the fiche still has the content that the company read; a revision without a change of content does not count."""
    fiche = accord.dossier.fiche
    if fiche is None:
        return False
    if fiche.latest_revision_id == accord.revision_numero:
        return True
    return accord.revision is not None and _content(accord.revision) == _content(fiche.latest_revision)


def _content(revision: Revision) -> str:
    """Returns the content of a revision as JSON, without what every save changes: dates, states, keys."""
    bookkeeping = {field.name for field in Page._meta.concrete_fields} - {"title"}
    content = {name: value for name, value in revision.content.items() if name not in bookkeeping}
    content.pop("page_ptr", None)
    content.pop(COMMENTS_RELATION_NAME, None)
    content["corps"] = json.loads(content.get("corps") or "[]")
    return BLOCK_KEY_ATTRIBUTE.sub("", json.dumps(_without_keys(content), sort_keys=True))


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_keys(each) for name, each in value.items() if name not in {"pk", "id"}}
    return [_without_keys(each) for each in value] if isinstance(value, list) else value


def proof_notice(fiche: "Page") -> str | None:
    """The state of the last proof of a fiche, shown to those who approve it; None without one."""
    accord = _proofs().filter(dossier__fiche=fiche.pk).last()
    return _state_of(accord) if accord else None


def latest_proof(dossier: "Dossier") -> Accord | None:
    """The last proof of a dossier."""
    return _proofs().filter(dossier=dossier).last()


def _proofs() -> QuerySet[Accord]:
    return Accord.objects.select_related("dossier__fiche__latest_revision", "revision").order_by("pk")


def _state_of(accord: Accord) -> str:
    """Describes the state of a proof."""
    if accord.repondu is None:
        return _("The company was sent a proof of this fiche on %(day)s, and has not answered yet.") % _day(
            accord.demande
        )
    if not accord.accord:
        return _("The company asks for changes in its proof: “%(remarks)s”") % {"remarks": accord.annotations}
    if is_current(accord):
        return _("The company agreed to this fiche on %(day)s.") % _day(accord.repondu)
    return _("The company agreed to its proof; the fiche has changed since.")


def _day(instant: datetime) -> dict[str, str]:
    return {"day": date_format(timezone.localtime(instant), "DATE_FORMAT")}
