"""What a fiche must hold before it is submitted, passed on or approved; a draft holds what it likes."""

from django.utils.translation import gettext as _

from fiches.models.grille import Dimension

TEXTS = ("organisation", "chapo", "corps")


def missing(values):
    """``{field: message}`` of what stands in the way; empty when nothing does.

    :param values: ``organisation``, ``chapo``, ``corps``, ``criteres`` (the criteria met), ``commune`` and
        ``sans_localisation``, as a form's cleaned data or :func:`values_of`.
    """
    messages = {
        "organisation": _("Say which organisation this is."),
        "chapo": _("Write the introduction: two sentences that sum up the innovation."),
        "corps": _("Write the text of the fiche: at least one block."),
    }
    found = {name: messages[name] for name in TEXTS if not values.get(name)}
    if dimensions := unanswered(values.get("criteres") or ()):
        names = ", ".join(_("“%(name)s”") % {"name": dimension.nom} for dimension in dimensions)
        found["criteres"] = _("Choose at least one criterion of: %(dimensions)s.") % {"dimensions": names}
    if not values.get("commune") and not values.get("sans_localisation"):
        found["commune"] = _("Give the commune, or tick “no location”.")
    return found


def unanswered(criteria):
    """The dimensions of the grid that none of ``criteria`` answers; one without criteria asks for none."""
    answered = {criterion.dimension_id for criterion in criteria}
    return list(Dimension.objects.filter(criteres__isnull=False).exclude(pk__in=answered).distinct())


def values_of(fiche):
    """The values of a page, as :func:`missing` reads them."""
    values = {name: getattr(fiche, name) for name in (*TEXTS, "sans_localisation")}
    criteria = [link.tag for link in fiche.fiche_criteres.all()]
    return {**values, "commune": fiche.commune_id, "criteres": criteria}
