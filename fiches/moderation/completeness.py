"""Checks of a fiche before it is submitted, passed on or approved: what is missing and what is invalid. Drafts aren't checked."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches.models.block_faults import block_faults
from fiches.models.champs import champs_of_kind
from fiches.models.declaration import Kind
from fiches.models.grille import Critere, Dimension
from fiches.models.picture_forms import DESCRIBE, undescribed

if TYPE_CHECKING:
    from fiches.models import FichePage

TEXTS = ("organisation", "chapo", "corps")
PICTURES = tuple(champ.name for champ in champs_of_kind(Kind.PICTURE))


def missing(values: Mapping[str, Any]) -> dict[str, str]:
    """``{field: message}`` of the required fields that are empty.

    :param values: ``organisation``, ``chapo``, ``corps``, ``criteres`` (the criteria met, or their keys), ``commune`` and
        ``sans_localisation``, from a form's cleaned data or :func:`values_of`.
    """
    messages = {
        "organisation": _("Say which organisation this is."),
        "chapo": _("Write the introduction: two sentences that sum up the innovation."),
        "corps": _("Write the text of the fiche: at least one block."),
    }
    errors = {name: messages[name] for name in TEXTS if not values.get(name)}
    if dimensions := unanswered(values.get("criteres") or ()):
        names = ", ".join(_("“%(name)s”") % {"name": dimension.nom} for dimension in dimensions)
        errors["criteres"] = _("Choose at least one criterion of: %(dimensions)s.") % {"dimensions": names}
    if not values.get("commune") and not values.get("sans_localisation"):
        errors["commune"] = _("Give the commune, or tick “no location”.")
    return errors


def unanswered(criteria: Iterable[Critere | int]) -> list[Dimension]:
    """The dimensions of the grid to which none of ``criteria`` (records or keys) belongs, except those without any criterion."""
    answered = Critere.objects.filter(pk__in=[getattr(criterion, "pk", criterion) for criterion in criteria])
    asked = Dimension.objects.filter(criteres__isnull=False).exclude(pk__in=answered.order_by().values("dimension"))
    return list(asked.distinct())


def values_of(fiche: "FichePage") -> dict[str, Any]:
    """The values of a fiche, for :func:`missing`."""
    values = {name: getattr(fiche, name) for name in (*TEXTS, "sans_localisation")}
    criteria = [link.tag_id for link in fiche.fiche_criteres.all()]
    return {**values, "commune": fiche.commune_id, "criteres": criteria}


def invalid(fiche: "FichePage") -> dict[str, str]:
    """``{field: message}`` of invalid values that a draft may hold, such as a SIRET with a wrong key or a block with an empty
    field. Each message names its field."""
    errors = {}
    try:
        fiche.clean_fields(exclude={"page_ptr", *(field.name for field in Page._meta.concrete_fields)})
    except ValidationError as error:
        errors = {name: _named(fiche, name, messages) for name, messages in error.message_dict.items()}
    corps = fiche._meta.get_field("corps")
    try:
        corps.stream_block.clean(fiche.corps)
    except ValidationError as error:
        errors.setdefault("corps", " ".join(block_faults(error, corps.stream_block, fiche.corps)))
    return errors


def _named(fiche: "FichePage", name: str, messages: Iterable[str]) -> str:
    try:
        label = capfirst(str(getattr(fiche._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return " ".join(messages)
    return _("%(field)s: %(message)s") % {"field": label, "message": " ".join(messages)}


def faults(fiche: "FichePage") -> dict[str, str]:
    """``{field: message}`` of everything for which a fiche can't be published: missing and invalid values, pictures without an
    alternative text."""
    values = {name: getattr(fiche, name) for name in _pictures_fields()}
    alternatives = {f"{name}_alt": _named(fiche, name, [str(DESCRIBE)]) for name in undescribed(PICTURES, values)}
    return {**invalid(fiche), **alternatives, **missing(values_of(fiche))}


def _pictures_fields() -> list[str]:
    return [f"{name}{suffix}" for name in PICTURES for suffix in ("", "_alt", "_decorative")]
