"""The corrections asked for, in words."""

from django.utils.translation import gettext as _

from fiches.candidatures.formulaires import label_of


def reasons_text(items):
    """The reasons as a list that a mail or a page can show."""
    lines = []
    for item in items:
        label = label_of(item["champ"]) if item["champ"] else _("The whole dossier")
        lines.append(_("%(field)s: %(reason)s") % {"field": label, "reason": item["raison"]})
    return "\n".join(lines)
