"""Writes the corrections asked for as text."""

from django.utils.translation import gettext as _

from fiches.candidatures.formulaires import label_of


def reasons_text(items):
    """Returns one line “label: reason” for each item of ``dossier.a_corriger``."""
    lines = []
    for item in items:
        label = label_of(item["champ"]) if item["champ"] else _("The whole dossier")
        lines.append(_("%(field)s: %(reason)s") % {"field": label, "reason": item["raison"]})
    return "\n".join(lines)
