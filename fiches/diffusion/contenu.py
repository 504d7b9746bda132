"""A fiche as the outside gets it: public fields only, listed one by one."""

from fiches import langues
from fiches.diffusion.corps import Bodies, as_html, as_text
from fiches.diffusion.images import picture, read_pictures
from fiches.models import DEPARTEMENTS, FichePage
from fiches.querysets import joined

_extras = {}


def register_extra(name, find):
    """What a room above adds to a fiche: ``find(pks)`` gives ``{pk: [...]}``. ``name`` is ``etapes`` or ``prix``."""
    _extras[name] = find


def build_fiches(pks):
    """``{pk: contents}`` of the visible fiches among ``pks``, in a fixed number of queries."""
    fiches = list(_to_read(FichePage.objects.visible().filter(pk__in=pks)))
    bodies = Bodies([fiche.corps for fiche in fiches])
    extras = {name: find([fiche.pk for fiche in fiches]) for name, find in _extras.items()} if fiches else {}
    logos = [funding.partenaire.logo_id for fiche in fiches for funding in fiche.financements.all()]
    logos += [fiche.partenaire.logo_id for fiche in fiches if fiche.partenaire]
    own = [key for fiche in fiches for key in (fiche.photo_id, fiche.logo_id)]
    bodies.pictures.update(read_pictures({key for key in (*logos, *own) if key} - bodies.pictures.keys()))
    contents = {}
    for fiche in fiches:
        with langues.in_language_of(fiche):
            of_fiche = {name: found.get(fiche.pk, []) for name, found in extras.items()}
            contents[fiche.pk] = _fiche(fiche, bodies, of_fiche)
    return contents


def contents_of(fiche):
    """The same of one page as it is in memory, whoever may see it: for a preview."""
    bodies = Bodies([fiche.corps])
    partners = [funding.partenaire for funding in fiche.financements.all()]
    partners += [fiche.partenaire] if fiche.partenaire else []
    keys = {fiche.photo_id, fiche.logo_id, *(partner.logo_id for partner in partners)} - {None}
    bodies.pictures.update(read_pictures(keys - bodies.pictures.keys()))
    return _fiche(fiche, bodies, {name: find([fiche.pk]).get(fiche.pk, []) for name, find in _extras.items()})


def _to_read(fiches):
    return fiches.select_related("commune", "partenaire", "edition").prefetch_related(
        joined(FichePage, "fiche_criteres", "tag__dimension"),
        joined(FichePage, "fiche_mots_cles", "tag"),
        joined(FichePage, "financements", "partenaire"),
    )


def _fiche(fiche, bodies, extras):
    url = fiche.full_url or ""
    blocks = bodies.blocks(fiche.corps)
    return {
        "id": fiche.pk,
        "uid": str(fiche.translation_key),
        "type": "fiche",
        "langue": langues.language_of(fiche),
        "titre": fiche.title,
        "slug": fiche.slug,
        "url": url,
        "pdf": f"{url}fiche.pdf",
        "exemple": fiche.exemple,
        "chapo": fiche.chapo,
        **_organisation(fiche),
        **place(fiche),
        "contact": contact(fiche.contact_public),
        "grille": _grid(fiche),
        "mots_cles": sorted(link.tag.name for link in fiche.fiche_mots_cles.all()),
        "edition": fiche.edition.annee if fiche.edition else None,
        "photo": picture(bodies.pictures.get(fiche.photo_id), alt=fiche.photo_alt, decorative=fiche.photo_decorative),
        "logo": picture(bodies.pictures.get(fiche.logo_id), alt=fiche.logo_alt, decorative=fiche.logo_decorative),
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "partenaire": _partner(fiche, bodies.pictures),
        "financeurs": [_funder(funding, bodies.pictures) for funding in fiche.financements.all()],
        "etapes": extras.get("etapes", []),
        "prix": extras.get("prix", []),
        "publie_le": instant(fiche.first_published_at),
        "modifie_le": instant(fiche.last_published_at),
        "expire_le": fiche.expire_at,
    }


def _organisation(fiche):
    return {
        "organisation": fiche.organisation,
        "activite": fiche.activite,
        "naf": fiche.naf,
        "naf_2025": fiche.naf_2025,
        "statut": fiche.statut,
        "statut_libelle": str(fiche.get_statut_display()),
        "sphere": fiche.sphere,
        "sphere_libelle": str(fiche.get_sphere_display()),
        "effectif": fiche.effectif,
        "tranche_effectif": fiche.tranche_effectif,
        "siret": fiche.siret,
        "site": fiche.site,
    }


def place(located):
    """Where a page is, as columns."""
    return {
        "adresse": located.adresse,
        "code_postal": located.code_postal,
        "commune": located.commune.nom if located.commune else "",
        "code_insee": located.commune_id or "",
        "departement": located.departement,
        "departement_nom": DEPARTEMENTS.get(located.departement, ""),
        "latitude": located.latitude,
        "longitude": located.longitude,
        "precision": located.precision,
    }


def contact(agreed):
    """The four words of a contact; those that nobody agreed to show are empty. ``None`` when all are."""
    return {name: agreed.get(name, "") for name in ("nom", "fonction", "telephone", "courriel")} if agreed else None


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


def instant(moment):
    """ISO 8601 in UTC, or ``None``."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
