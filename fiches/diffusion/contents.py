"""Serializes a fiche to the JSON of the API: the fields that have an API key in `fiches.models.champs`, and no other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from wagtail.models import Page

from fiches import content_language
from fiches.diffusion.body_content import Bodies, as_html, as_text
from fiches.diffusion.own_fields import own_values, values_of
from fiches.diffusion.paper import pdf
from fiches.diffusion.renditions import on_the_site_of, picture_resource, pictures_by_key
from fiches.models import FichePage
from fiches.models.champs import champs_of_kind, champs_with, details_of
from fiches.models.declaration import Champ, GroupeDeChamps, ValueKind
from fiches.models.fiche import own_fields
from fiches.models.querysets import prefetch_joined
from fiches.publications import ledger
from fiches.publications.receivers import record_with

if TYPE_CHECKING:
    from fiches.models import FicheFinanceur, Publication


_extras: dict[str, Callable[..., Any]] = {}


def register_extra(name: str, find: Callable[..., Any], *, of: type[Model] | None = None) -> None:
    """Registers what another app adds to a fiche's contents; called from ``AppConfig.ready()``.

    :param name: the key: ``etapes``, ``prix``, or one of the app's own.
    :param find: ``find(pks)`` returns ``{pk of a fiche: [items as JSON can hold them]}``.
    :param of: the model of the records that ``find`` reads, if it has a foreign key ``fiche``: saving or deleting one then updates
        the contents of its fiche.
    """
    _extras[name] = find
    if of is not None:
        record_with(of, find=_its_fiche)


def _its_fiche(record: Any) -> dict[str, list[int]]:
    return {ledger.FICHE: [record.fiche_id]}


def own_keys() -> list[str]:
    """The keys that other apps registered and that are not fields of a fiche, each of which holds a list; then those of the
    fields that a host's model adds."""
    ours = {champ.key_name for champ in champs_with("key")}
    return [*sorted(_extras.keys() - ours), *(name for name in own_fields() if name not in ours)]


def build_fiches(pks: list[int], fiches: list[FichePage] | None = None) -> Any:
    """Returns ``{pk: contents}`` of the visible fiches among ``pks``, in a fixed number of queries.

    :param fiches: these, if they are loaded :func:`with_related`.
    """
    fiches = fiches or list(with_related(FichePage.objects.visible().filter(pk__in=pks)))
    bodies = Bodies([fiche.corps for fiche in fiches])
    logos = [funding.partenaire.logo_id for fiche in fiches for funding in fiche.financements.all()]
    logos += [fiche.partenaire.logo_id for fiche in fiches if fiche.partenaire]
    own = [key for fiche in fiches for key in _pictures_of(fiche)]
    bodies.pictures.update(pictures_by_key({key for key in (*logos, *own) if key} - bodies.pictures.keys()))
    contents, added = {}, own_values(fiche.pk for fiche in fiches)
    for _code, some in groupby(sorted(fiches, key=content_language.language_of), key=content_language.language_of):
        contents.update(_in_one_language(list(some), bodies, added))
    return contents


def _in_one_language(fiches: list[FichePage], bodies: Bodies, added: dict[int, dict]) -> dict[int, dict[str, Any]]:
    with content_language.in_language_of(fiches[0]):
        extras = {name: find([fiche.pk for fiche in fiches]) for name, find in _extras.items()}
    contents = {}
    for fiche in fiches:
        with page_context(fiche):
            own_extras = {name: by_fiche.get(fiche.pk, []) for name, by_fiche in extras.items()}
            contents[fiche.pk] = _serialize(fiche, bodies, own_extras, added.get(fiche.pk, {}))
    return contents


@contextmanager
def page_context(page: Page) -> Iterator[None]:
    """Context manager: activates the language of ``page``, and completes addresses with the origin of its site."""
    with content_language.in_language_of(page), on_the_site_of(page):
        yield


def contents_of(fiche: FichePage) -> dict[str, Any]:
    """Returns the contents of one fiche from the instance in memory, even if it isn't public: for a preview."""
    bodies = Bodies([fiche.corps])
    partners = [funding.partenaire for funding in fiche.financements.all()]
    partners += [fiche.partenaire] if fiche.partenaire else []
    keys = {*_pictures_of(fiche), *(partner.logo_id for partner in partners)} - {None}
    bodies.pictures.update(pictures_by_key(keys - bodies.pictures.keys()))
    with page_context(fiche):
        extras = {name: find([fiche.pk]).get(fiche.pk, []) for name, find in _extras.items()}
        return _serialize(fiche, bodies, extras, values_of(fiche))


def _pictures_of(fiche: FichePage) -> list[int | None]:
    return [getattr(fiche, f"{champ.name}_id") for champ in champs_of_kind(ValueKind.PICTURE)]


def with_related(fiches: QuerySet) -> QuerySet:
    """Adds to a queryset of fiches the related objects that their contents need."""
    return fiches.select_related("commune", "partenaire", "edition").prefetch_related(
        prefetch_joined(FichePage, "fiche_criteres", "tag__dimension"),
        prefetch_joined(FichePage, "fiche_mots_cles", "tag"),
        prefetch_joined(FichePage, "financements", "partenaire"),
    )


def _serialize(fiche: FichePage, bodies: Bodies, extras: dict[str, list[Any]], added: dict[str, Any]) -> dict[str, Any]:
    """:param added: the values of the fields that the host's model adds."""
    computed = _computed_values(fiche, bodies, extras)
    own = {name: added.get(name) if name in own_fields() else extras.get(name, []) for name in own_keys()}
    return {**_in_order_of_keys(fiche, computed, champs_with("key")), **own}


def _computed_values(fiche: FichePage, bodies: Bodies, extras: dict[str, list[Any]]) -> dict[str, Any]:
    """Returns ``{field: value}`` of the fields that aren't read from one column."""
    url, blocks = fiche.full_url or "", bodies.blocks(fiche.corps)
    return {
        "type": "fiche",
        "langue": content_language.language_of(fiche),
        "url": url,
        "pdf": f"{url}fiche.pdf" if pdf.is_installed() else "",
        "contact_public": contact(fiche.contact_public),
        "criteres": _grid(fiche),
        "mots_cles": sorted(link.tag.name for link in fiche.fiche_mots_cles.all()),
        **{champ.name: _picture(fiche, champ.name, bodies.pictures) for champ in champs_of_kind(ValueKind.PICTURE)},
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "partenaire": _partner(fiche, bodies.pictures),
        "financements": [_funder(funding, bodies.pictures) for funding in fiche.financements.all()],
        "etapes": extras.get("etapes", []),
        "prix": extras.get("prix", []),
    }


def place(located: Page) -> dict[str, str]:
    """Returns the location keys of a page (address, commune, coordinates…) with their values."""
    return _in_order_of_keys(located, {}, champs_with("key", groupe=GroupeDeChamps.LIEU))


def _in_order_of_keys(page: Any, computed: dict[str, Any], champs: Iterable[Champ]) -> dict[str, Any]:
    contents = {}
    for champ in champs:
        contents[champ.key_name] = computed[champ.name] if champ.name in computed else _value(page, champ)
        if champ.key.label_key:
            contents[champ.key.label_key] = str(getattr(page, f"get_{champ.name}_display")())
    return contents


def _value(page: Page, champ: Champ) -> bool | float | str | None:
    """Returns a column's value for JSON: ``""`` for a missing text, ``None`` for any other missing value."""
    value = getattr(page, champ.name)
    if champ.kind is ValueKind.COMMUNE:
        return value.nom if value else ""
    if champ.kind is ValueKind.EDITION:
        return value.annee if value else None
    if champ.kind is ValueKind.INSTANT:
        return instant(value)
    if champ.kind is ValueKind.UUID:
        return str(value)
    return "" if value is None and champ.kind is ValueKind.TEXT else value


def _picture(fiche: FichePage, name: str, pictures: dict[int, Model]) -> dict[str, Any] | None:
    alt, decorative = getattr(fiche, f"{name}_alt"), getattr(fiche, f"{name}_decorative")
    return picture_resource(pictures.get(getattr(fiche, f"{name}_id")), alt=alt, decorative=decorative)


def contact(agreed: dict[str, str]) -> dict[str, str] | None:
    """Returns the four fields of a contact, each empty unless the person agreed to show it.

    :param agreed: ``{field: value}`` of the fields that may be shown; the result is None when it is empty.
    """
    return {name: agreed.get(name, "") for name in details_of(GroupeDeChamps.CONTACT)} if agreed else None


def _grid(fiche: FichePage) -> Any:
    """Returns the fiche's criteria, grouped by dimension, in the order of the grid."""
    criteria = sorted(
        (link.tag for link in fiche.fiche_criteres.all()),
        key=lambda tag: (tag.dimension.ordre, tag.dimension_id, tag.sort_order or 0, tag.pk),
    )
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for tag in criteria:
        groups.setdefault((tag.dimension.slug, tag.dimension.nom), []).append({"slug": tag.slug, "nom": tag.name})
    return [{"dimension": slug, "nom": name, "criteres": members} for (slug, name), members in groups.items()]


def partner(partenaire: Any, pictures: Any) -> dict[str, Any]:
    """Returns a partner's public fields; ``pictures`` is ``{pk: image}``, its logo among them."""
    return {
        "slug": partenaire.slug,
        "nom": partenaire.nom,
        "sigle": partenaire.sigle,
        "site": partenaire.site,
        "logo": picture_resource(pictures.get(partenaire.logo_id), alt=partenaire.nom),
    }


def _partner(fiche: FichePage, pictures: dict[int, Model]) -> dict[str, Any] | None:
    if not fiche.partenaire:
        return None
    return {**partner(fiche.partenaire, pictures), "contact": contact(fiche.contact_du_partenaire)}


def _funder(funding: "FicheFinanceur", pictures: dict[int, Model]) -> dict[str, Any]:
    return {**partner(funding.partenaire, pictures), "mention": funding.mention}


def tombstone(row: "Publication", gone_at: datetime) -> dict[str, Any]:
    """Returns the JSON entry of a withdrawn page, from its register row: its identifiers, its former address, when it went.

    :param gone_at: aware datetime.
    """
    return {
        "id": row.object_id,
        "uid": row.uid and str(row.uid),
        "type": row.kind,
        "langue": (content_language.is_multilingual() and row.language) or content_language.default_language(),
        "slug": row.slug,
        "url": (Page(url_path=row.url_path).full_url if row.url_path else "") or "",
        "retire_le": instant(gone_at),
    }


def instant(moment: datetime | None) -> str | None:
    """Formats an aware datetime in UTC as ISO 8601 with ``Z``; returns None for None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
