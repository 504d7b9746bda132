"""Compares each answer of a dossier with its fiche: which differ, and who wrote the text of the fiche."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Revision

from fiches.candidatures.draft_fiche import COLUMNS, body_text
from fiches.candidatures.forms import STEP_FORMS, bound_form, display_value
from fiches.models import Critere

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier
    from fiches.models import FichePage


# Left without an answer, the fiche takes them from its commune.
DERIVED = {"code_postal"}


def compare_with_fiche(dossier: "Dossier") -> Any:
    """Returns ``[{"etape", "lignes"}]``, one line per answer that the dossier or the fiche has.

    A line is ``{"champ", "label", "reponse", "fiche", "date", "differe"}``, with ``source`` (author and date of the fiche's
    text) if they differ. ``fiche`` is None if the answer has no place there.
    """
    page = dossier.fiche.get_latest_revision_as_object() if dossier.fiche else None
    changed = dict(dossier.modifications.filter(en_conflit=False).order_by("pk").values_list("champ", "date"))
    steps = [{"etape": etape, "lignes": _lines(dossier, etape, page, changed)} for etape in STEP_FORMS]
    differing = [line for step in steps for line in step["lignes"] if line["differe"]]
    if differing:
        _add_sources(dossier, differing)
    return steps


def _lines(dossier: "Dossier", etape: type, page: "FichePage | None", changed: dict[str, datetime]) -> list[Any]:
    form = bound_form(dossier, etape, sending=False)
    form.is_valid()
    lines = []
    for name in form.fields:
        current, answer = fiche_value(page, dossier, name), display_value(form, name)
        if answer in ("", False) and (not current or name in DERIVED):
            continue
        differs = current is not None and str(current).split() != str(answer).split()  # a fiche has single spaces
        line = {"champ": name, "label": form[name].label, "reponse": answer, "fiche": current}
        lines.append({**line, "date": changed.get(name), "differe": differs})
    return lines


def fiche_value(page: "FichePage | None", dossier: "Dossier", name: str) -> Any:
    """Returns the fiche's value for an answer; None if the answer has no place in the fiche."""
    if page is None:
        return None
    if name in COLUMNS:
        column = COLUMNS[name]
        display = getattr(page, f"get_{column}_display", None)
        value = display() if display else getattr(page, column)
        return "" if value is None else value
    if name == "criteres":
        met = [link.tag_id for link in page.fiche_criteres.all()]
        return ", ".join(map(str, Critere.objects.filter(pk__in=met)))
    return body_text(page, dossier, name)


def _add_sources(dossier: Any, lines: Any) -> None:
    """Adds to each line its ``source``: author and date of the first revision that has the present text."""
    revisions = list(dossier.fiche.revisions.select_related("user").order_by("pk"))
    pages = [revision.as_object() for revision in revisions]
    for line in lines:
        texts = [fiche_value(page, dossier, line["champ"]) for page in pages]
        first = next(index for index in range(len(texts)) if set(texts[index:]) == {texts[-1]})
        line["source"] = _source(revisions[first])


def _source(revision: Revision) -> str:
    who = get_user_display_name(revision.user) if revision.user else _("the company")
    when = date_format(timezone.localtime(revision.created_at), "SHORT_DATETIME_FORMAT")
    return _("%(who)s, %(when)s") % {"who": who, "when": when}
