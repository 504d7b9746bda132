"""What a fiche must hold before it is submitted, passed on or approved; a draft holds what it likes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches.models.block_faults import block_faults
from fiches.models.champs import of_kind
from fiches.models.declaration import Kind
from fiches.models.grille import Critere, Dimension
from fiches.models.picture_forms import DESCRIBE, undescribed

if TYPE_CHECKING:
    from fiches.models import FichePage

TEXTS = ("organisation", "chapo", "corps")
PICTURES = tuple(champ.name for champ in of_kind(Kind.PICTURE))


def missing(values: Mapping[str, Any]) -> dict[str, str]:
    """``{field: message}`` of what stands in the way; empty when nothing does.

    :param values: ``organisation``, ``chapo``, ``corps``, ``criteres`` (the criteria met, or their keys), ``commune`` and
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


def unanswered(criteria: Iterable[Critere | int]) -> list[Dimension]:
    """The dimensions of the grid that none of ``criteria``, records or their keys, answers; one without criteria asks for none."""
    answered = Critere.objects.filter(pk__in=[getattr(criterion, "pk", criterion) for criterion in criteria])
    asked = Dimension.objects.filter(criteres__isnull=False).exclude(pk__in=answered.order_by().values("dimension"))
    return list(asked.distinct())


def values_of(fiche: "FichePage") -> dict[str, Any]:
    """The values of a page, as :func:`missing` reads them."""
    values = {name: getattr(fiche, name) for name in (*TEXTS, "sans_localisation")}
    criteria = [link.tag_id for link in fiche.fiche_criteres.all()]
    return {**values, "commune": fiche.commune_id, "criteres": criteria}


def invalid(fiche: "FichePage") -> dict[str, str]:
    """``{field: message}`` of what a draft was let keep, and what the public may not read: a SIRET with a wrong key, a
    block with an empty field. Each message names its field."""
    found = {}
    try:
        fiche.clean_fields(exclude={"page_ptr", *(field.name for field in Page._meta.concrete_fields)})
    except ValidationError as error:
        found = {name: _named(fiche, name, messages) for name, messages in error.message_dict.items()}
    corps = fiche._meta.get_field("corps")
    try:
        corps.stream_block.clean(fiche.corps)
    except ValidationError as error:
        found.setdefault("corps", " ".join(block_faults(error, corps.stream_block, fiche.corps)))
    return found


def _named(fiche: "FichePage", name: str, messages: Iterable[str]) -> str:
    try:
        label = capfirst(str(getattr(fiche._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return " ".join(messages)
    return _("%(field)s: %(message)s") % {"field": label, "message": " ".join(messages)}


def faults(fiche: "FichePage") -> dict[str, str]:
    """``{field: message}`` of all that keeps a fiche off the site: what is missing and what is wrong; empty when nothing
    does."""
    values = {name: getattr(fiche, name) for name in _pictures_fields()}
    alternatives = {f"{name}_alt": _named(fiche, name, [str(DESCRIBE)]) for name in undescribed(PICTURES, values)}
    return {**invalid(fiche), **alternatives, **missing(values_of(fiche))}


def _pictures_fields() -> list[str]:
    return [f"{name}{suffix}" for name in PICTURES for suffix in ("", "_alt", "_decorative")]
