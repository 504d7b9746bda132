"""Each answer beside what the fiche says in its place: which differ, and who wrote what is there."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from fiches.candidatures.brouillon import COLUMNS, body_text
from fiches.candidatures.formulaires import ETAPES, checked, shown
from fiches.models import Critere


def beside(dossier):
    """``[{"etape", "lignes"}]``, a line per answer: what the company wrote and when, what the fiche says, whether that
    differs, and who wrote it there. What both leave empty is left out."""
    page = dossier.fiche.get_latest_revision_as_object() if dossier.fiche else None
    changed = dict(dossier.modifications.filter(en_conflit=False).order_by("pk").values_list("champ", "date"))
    steps = [{"etape": etape, "lignes": _lines(dossier, etape, page, changed)} for etape in ETAPES]
    differing = [line for step in steps for line in step["lignes"] if line["differe"]]
    if differing:
        _tell_sources(dossier, differing)
    return steps


def _lines(dossier, etape, page, changed):
    form = checked(dossier, etape, sending=False)
    form.is_valid()
    lines = []
    for name in form.fields:
        here, answer = in_fiche(page, dossier, name), shown(form, name)
        if answer in ("", False) and not here:
            continue
        differs = here is not None and str(here).split() != str(answer).split()  # spaces are made even in a fiche
        line = {"champ": name, "label": form[name].label, "reponse": answer, "fiche": here}
        lines.append({**line, "date": changed.get(name), "differe": differs})
    return lines


def in_fiche(page, dossier, name):
    """What the fiche holds in the place of an answer; None where it has none."""
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


def _tell_sources(dossier, lines):
    """Adds ``source`` to each: the revision that brought the present text, its author and its date."""
    revisions = list(dossier.fiche.revisions.select_related("user").order_by("pk"))
    pages = [revision.as_object() for revision in revisions]
    for line in lines:
        texts = [in_fiche(page, dossier, line["champ"]) for page in pages]
        first = next(index for index in range(len(texts)) if set(texts[index:]) == {texts[-1]})
        line["source"] = _by(revisions[first])


def _by(revision):
    who = get_user_display_name(revision.user) if revision.user else _("the company")
    when = date_format(timezone.localtime(revision.created_at), "SHORT_DATETIME_FORMAT")
    return _("%(who)s, %(when)s") % {"who": who, "when": when}
