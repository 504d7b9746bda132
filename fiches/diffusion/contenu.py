"""A fiche as the outside gets it: the fields to which the table gives a key, and nothing else."""

from collections.abc import Iterable
from contextlib import contextmanager
from itertools import groupby

from wagtail.models import Page

from fiches import langues
from fiches.diffusion.corps import Bodies, as_html, as_text
from fiches.diffusion.images import on_the_site_of, picture, read_pictures
from fiches.models import FichePage
from fiches.models.champs import champs_of_kind, champs_with, details_of
from fiches.models.declaration import Champ, Groupe, Kind
from fiches.models.querysets import joined

_extras = {}


def register_extra(name, find):
    """What a room above adds to a fiche: ``find(pks)`` gives ``{pk: [...]}``. ``name`` is ``etapes`` or ``prix``."""
    _extras[name] = find


def build_fiches(pks):
    """``{pk: contents}`` of the visible fiches among ``pks``, in a fixed number of queries."""
    fiches = list(to_read(FichePage.objects.visible().filter(pk__in=pks)))
    bodies = Bodies([fiche.corps for fiche in fiches])
    logos = [funding.partenaire.logo_id for fiche in fiches for funding in fiche.financements.all()]
    logos += [fiche.partenaire.logo_id for fiche in fiches if fiche.partenaire]
    own = [key for fiche in fiches for key in _pictures_of(fiche)]
    bodies.pictures.update(read_pictures({key for key in (*logos, *own) if key} - bodies.pictures.keys()))
    contents = {}
    for _code, some in groupby(sorted(fiches, key=langues.language_of), key=langues.language_of):
        contents.update(_in_one_language(list(some), bodies))
    return contents


def _in_one_language(fiches, bodies):
    with langues.in_language_of(fiches[0]):
        extras = {name: find([fiche.pk for fiche in fiches]) for name, find in _extras.items()}
    contents = {}
    for fiche in fiches:
        with made_for(fiche):
            of_fiche = {name: found.get(fiche.pk, []) for name, found in extras.items()}
            contents[fiche.pk] = _fiche(fiche, bodies, of_fiche)
    return contents


@contextmanager
def made_for(page):
    """What is made within is in the language of ``page``, and the addresses of its files are on its own site."""
    with langues.in_language_of(page), on_the_site_of(page):
        yield


def contents_of(fiche):
    """The same of one page as it is in memory, whoever may see it: for a preview."""
    bodies = Bodies([fiche.corps])
    partners = [funding.partenaire for funding in fiche.financements.all()]
    partners += [fiche.partenaire] if fiche.partenaire else []
    keys = {*_pictures_of(fiche), *(partner.logo_id for partner in partners)} - {None}
    bodies.pictures.update(read_pictures(keys - bodies.pictures.keys()))
    with made_for(fiche):
        return _fiche(fiche, bodies, {name: find([fiche.pk]).get(fiche.pk, []) for name, find in _extras.items()})


def _pictures_of(fiche):
    return [getattr(fiche, f"{champ.name}_id") for champ in champs_of_kind(Kind.PICTURE)]


def to_read(fiches):
    """``fiches`` with what their contents are made of."""
    return fiches.select_related("commune", "partenaire", "edition").prefetch_related(
        joined(FichePage, "fiche_criteres", "tag__dimension"),
        joined(FichePage, "fiche_mots_cles", "tag"),
        joined(FichePage, "financements", "partenaire"),
    )


def _fiche(fiche, bodies, extras):
    made = _made(fiche, bodies, extras)
    return {**_in_order_of_keys(fiche, made, champs_with("key")), "expire_le": fiche.expire_at}


def _made(fiche, bodies, extras):
    """``{field: value}`` of what is more than a column."""
    url, blocks = fiche.full_url or "", bodies.blocks(fiche.corps)
    return {
        "type": "fiche",
        "langue": langues.language_of(fiche),
        "url": url,
        "pdf": f"{url}fiche.pdf",
        "contact_public": contact(fiche.contact_public),
        "criteres": _grid(fiche),
        "mots_cles": sorted(link.tag.name for link in fiche.fiche_mots_cles.all()),
        **{champ.name: _picture(fiche, champ.name, bodies.pictures) for champ in champs_of_kind(Kind.PICTURE)},
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "partenaire": _partner(fiche, bodies.pictures),
        "financements": [_funder(funding, bodies.pictures) for funding in fiche.financements.all()],
        "etapes": extras.get("etapes", []),
        "prix": extras.get("prix", []),
    }


def place(located):
    """Where a page is, as columns."""
    return _in_order_of_keys(located, {}, champs_with("key", groupe=Groupe.LIEU))


def _in_order_of_keys(page, made, champs: Iterable[Champ]):
    contents = {}
    for champ in champs:
        contents[champ.key_name] = made[champ.name] if champ.name in made else _value(page, champ)
        if champ.key.label_key:
            contents[champ.key.label_key] = str(getattr(page, f"get_{champ.name}_display")())
    return contents


def _value(page, champ: Champ):
    """What a column holds, as JSON has it: no text is ``""``, any other unknown value ``None``."""
    value = getattr(page, champ.name)
    if champ.kind is Kind.COMMUNE:
        return value.nom if value else ""
    if champ.kind is Kind.EDITION:
        return value.annee if value else None
    if champ.kind is Kind.INSTANT:
        return instant(value)
    if champ.kind is Kind.UUID:
        return str(value)
    return "" if value is None and champ.kind is Kind.TEXT else value


def _picture(fiche, name, pictures):
    alt, decorative = getattr(fiche, f"{name}_alt"), getattr(fiche, f"{name}_decorative")
    return picture(pictures.get(getattr(fiche, f"{name}_id")), alt=alt, decorative=decorative)


def contact(agreed):
    """The four words of a contact; those that nobody agreed to show are empty. ``None`` when all are."""
    return {word: agreed.get(word, "") for word in details_of(Groupe.CONTACT)} if agreed else None


def _grid(fiche):
    """The fiche's own criteria, by dimension, in the grid's order."""
    criteria = sorted(
        (link.tag for link in fiche.fiche_criteres.all()),
        key=lambda tag: (tag.dimension.ordre, tag.dimension_id, tag.sort_order or 0, tag.pk),
    )
    found = {}
    for tag in criteria:
        found.setdefault((tag.dimension.slug, tag.dimension.nom), []).append({"slug": tag.slug, "nom": tag.name})
    return [{"dimension": slug, "nom": name, "criteres": members} for (slug, name), members in found.items()]


def partner(partenaire, pictures):
    return {
        "slug": partenaire.slug,
        "nom": partenaire.nom,
        "sigle": partenaire.sigle,
        "site": partenaire.site,
        "logo": picture(pictures.get(partenaire.logo_id), alt=partenaire.nom),
    }


def _partner(fiche, pictures):
    if not fiche.partenaire:
        return None
    return {**partner(fiche.partenaire, pictures), "contact": contact(fiche.contact_du_partenaire)}


def _funder(funding, pictures):
    return {**partner(funding.partenaire, pictures), "mention": funding.mention}


def tombstone(row, gone_at):
    """What is told of a page that went, from its row of the register: which it was, and the address where it stood."""
    page = Page(url_path=row.url_path)
    return {
        "id": row.object_id,
        "uid": row.uid and str(row.uid),
        "type": row.kind,
        "langue": row.language or langues.default_language(),
        "slug": row.slug,
        "url": page.full_url or "" if row.url_path else "",
        "retire_le": instant(gone_at),
    }


def instant(moment):
    """ISO 8601 in UTC, or ``None``."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
