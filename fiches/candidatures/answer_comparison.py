"""Compares each answer of a dossier with its fiche: which differ, and who wrote the text of the fiche."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Revision

from fiches.admin.comparison import word_difference, yes_or_no
from fiches.candidatures.consentements import CONTACT
from fiches.candidatures.draft_fiche import COLUMNS, body_text
from fiches.candidatures.forms import STEP_FORMS, bound_form, display_value
from fiches.formats import moment
from fiches.models import Critere
from fiches.moderation.reviewers import revisions_of

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier
    from fiches.models import FichePage


# Left without an answer, the fiche takes them from its commune.
DERIVED = {"code_postal"}


def compare_with_fiche(dossier: "Dossier", page: "FichePage | None" = None) -> Any:
    """Returns ``[{"etape", "lignes"}]``, one line per answer that the dossier or the fiche has.

    A line is ``{"champ", "label", "reponse", "fiche", "date", "differe", "prive"}`` (``prive``: the public doesn't read it); if
    they differ, with ``difference`` (HTML) and
    ``source`` (author and date of the fiche's text). ``fiche`` is None if the answer has no place there.

    :param page: the draft of the fiche, if it is loaded.
    """
    if page is None and dossier.fiche:
        page = dossier.fiche.get_latest_revision_as_object()
    changes = sorted(dossier.modifications.all(), key=lambda change: change.pk)
    changed = {change.champ: change.date for change in changes}
    criteria = {pk: str(criterion) for pk, criterion in Critere.objects.in_bulk().items()} if page else {}
    steps = [{"etape": etape, "lignes": _lines(dossier, etape, page, changed, criteria)} for etape in STEP_FORMS]
    differing = [line for step in steps for line in step["lignes"] if line["differe"]]
    if differing:
        _add_sources(dossier, differing)
    return steps


def _lines(
    dossier: "Dossier", etape: type, page: "FichePage | None", changed: dict[str, datetime], criteria: dict[int, str]
) -> list[Any]:
    form = bound_form(dossier, etape, sending=False, commune=page.commune if page else None)
    form.is_valid()
    lines = []
    for name in form.fields:
        current, answer = fiche_value(page, dossier, name, criteria), display_value(form, name)
        if answer in ("", False) and (not current or name in DERIVED):
            continue
        differs = current is not None and str(current).split() != str(answer).split()  # a fiche has single spaces
        line = {"champ": name, "label": form[name].label, "reponse": answer, "fiche": current}
        private = page is not None and name in CONTACT and not getattr(page, f"{name}_public")
        lines.append({**line, "date": changed.get(name), "differe": differs, "prive": private})
        if differs:
            lines[-1]["difference"] = word_difference(*(_in_words(value) for value in (answer, current)))
    return lines


def _in_words(value: Any) -> str:
    return yes_or_no(value) if isinstance(value, bool) else str(value)


def fiche_value(page: "FichePage | None", dossier: "Dossier", name: str, criteria: dict[int, str]) -> Any:
    """Returns the fiche's value for an answer; None if the answer has no place in the fiche.

    :param criteria: ``{pk: name}`` of all the criteria of the grid, in its order.
    """
    if page is None:
        return None
    if name in COLUMNS:
        column = COLUMNS[name]
        display = getattr(page, f"get_{column}_display", None)
        value = display() if display else getattr(page, column)
        return "" if value is None else value
    if name == "photo_credit":  # stands on the picture; Wagtail's own pictures have none
        return getattr(page.photo, "credit", None)
    if name == "criteres":
        met = {link.tag_id for link in page.fiche_criteres.all()}
        return ", ".join(name for pk, name in criteria.items() if pk in met)
    return body_text(page.corps.raw_data, dossier, name)


def _add_sources(dossier: Any, lines: Any) -> None:
    """Adds to each line its ``source``: author and date of the first revision that has the present text."""
    revisions = revisions_of(dossier.fiche)
    for line in lines:
        texts = [_stored_value(revision.content, dossier, line["champ"]) for revision in revisions]
        first = next(index for index in range(len(texts)) if all(text == texts[-1] for text in texts[index:]))
        line["source"] = _source(revisions[first])


def _stored_value(content: dict[str, Any], dossier: "Dossier", name: str) -> Any:
    """The value of an answer in the content of a revision, as it is stored: to be compared with that of another revision."""
    if name in COLUMNS:
        return content.get(COLUMNS[name])
    if name == "photo_credit":
        return content.get("photo")
    if name == "criteres":
        return str(sorted(link["tag"] for link in content.get("fiche_criteres", ())))
    return body_text(json.loads(content.get("corps") or "[]"), dossier, name)


def _source(revision: Revision) -> str:
    who = get_user_display_name(revision.user) if revision.user else _("the company")
    return _("%(who)s, %(when)s") % {"who": who, "when": moment(revision.created_at)}
