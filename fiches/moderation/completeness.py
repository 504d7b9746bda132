"""Checks of a fiche before it is submitted, passed on or approved: what is missing and what is invalid. Drafts aren't checked."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Page
from wagtail.models.pages import get_streamfield_names

from fiches.models import FichePage
from fiches.models.champs import champs_of_kind
from fiches.models.declaration import ValueKind
from fiches.models.grille import Critere, Dimension
from fiches.models.page_forms import DESCRIBE, undescribed

TEXTS = ("organisation", "chapo", "corps")
PICTURES = tuple(champ.name for champ in champs_of_kind(ValueKind.PICTURE))


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
    if dimensions := unanswered_dimensions(values.get("criteres") or ()):
        names = ", ".join(_("“%(name)s”") % {"name": dimension.nom} for dimension in dimensions)
        errors["criteres"] = _("Choose at least one criterion of: %(dimensions)s.") % {"dimensions": names}
    if not values.get("commune") and not values.get("sans_localisation"):
        errors["commune"] = _("Give the commune, or tick “no location”.")
    return errors


def unanswered_dimensions(criteria: Iterable[Critere | int]) -> list[Dimension]:
    """The dimensions of the grid to which none of ``criteria`` (records or keys) belongs, except those without any criterion."""
    answered = Critere.objects.filter(pk__in=[getattr(criterion, "pk", criterion) for criterion in criteria])
    asked = Dimension.objects.filter(criteres__isnull=False).exclude(pk__in=answered.order_by().values("dimension"))
    return list(asked.distinct())


def values_of(fiche: FichePage) -> dict[str, Any]:
    """The values of a fiche, for :func:`missing`."""
    values = {name: getattr(fiche, name) for name in (*TEXTS, "sans_localisation")}
    criteria = [link.tag_id for link in fiche.fiche_criteres.all()]
    return {**values, "commune": fiche.commune_id, "criteres": criteria}


def invalid(page: Page) -> dict[str, str]:
    """``{field: message}`` of invalid values that a draft may hold, such as a SIRET with a wrong key or a block with an empty
    field. Each message names its field."""
    errors = _errors(
        page, partial(page.clean_fields, exclude={"page_ptr", *(f.name for f in Page._meta.concrete_fields)})
    )
    for name in get_streamfield_names(type(page)):
        try:
            page._meta.get_field(name).stream_block.clean(getattr(page, name))
        except ValidationError:
            errors.setdefault(name, _named(page, name, [_("one of its blocks is incomplete: the form shows which.")]))
    return errors


def _errors(record: Any, check: Callable[[], Any]) -> dict[str, str]:
    try:
        check()
    except ValidationError as error:
        return {name: _named(record, name, messages) for name, messages in error.message_dict.items()}
    return {}


def wrong_values(page: Page) -> dict[str, str]:
    """As :func:`invalid`, with the values that are wrong together, and those of the page's rows."""
    errors = {**invalid(page), **_errors(page, page.clean)}
    for relation in get_all_child_relations(type(page)):
        if relation.name != COMMENTS_RELATION_NAME:
            for row in getattr(page, relation.name).all():
                related = {field.name for field in row._meta.fields if field.is_relation}
                errors |= _errors(row, partial(row.clean_fields, exclude=related))
    return errors


def _named(record: Any, name: str, messages: Iterable[str]) -> str:
    try:
        label = capfirst(str(getattr(record._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return " ".join(messages)
    return _("%(field)s: %(message)s") % {"field": label, "message": " ".join(messages)}


def faults(fiche: FichePage) -> dict[str, str]:
    """``{field: message}`` of everything for which a fiche can't be published: missing and invalid values, pictures without an
    alternative text."""
    values = {name: getattr(fiche, name) for name in _pictures_fields()}
    alternatives = {f"{name}_alt": _named(fiche, name, [str(DESCRIBE)]) for name in undescribed(PICTURES, values)}
    return {**invalid(fiche), **alternatives, **missing(values_of(fiche))}


def why_incomplete(page: Page) -> str:
    """Why a page can't be submitted or approved, for the user: its missing or invalid values; "" if there is none."""
    if isinstance(page, FichePage):
        errors, text = faults(page), _("This fiche is incomplete: nothing has changed. %(what)s")
    else:
        errors, text = wrong_values(page), _("Something in this page is to be corrected: nothing has changed. %(what)s")
    return text % {"what": " ".join(errors.values())} if errors else ""


def _pictures_fields() -> list[str]:
    return [f"{name}{suffix}" for name in PICTURES for suffix in ("", "_alt", "_decorative")]
