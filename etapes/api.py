"""The partner API's endpoints for étapes, and the ``etapes`` key of each fiche: the étapes that present it."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.db.models import F
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from etapes.etape_filter import FILTERS, PagedEtapeFilter
from etapes.inscriptions.availability import is_full
from etapes.inscriptions.registration_transitions import places_changed
from etapes.jsonld import event
from etapes.models import EtapeIndexPage, EtapePage, PresentationDeFiche
from fiches import content_language
from fiches.diffusion.api import openapi_parameters, register_router, schemas
from fiches.diffusion.api.fiche_resources import detail
from fiches.diffusion.api.lists import Choice, choice_parameters, list_of_kind
from fiches.diffusion.api.page_resource import register_page_type
from fiches.diffusion.api.problems import QueryError, in_language_of
from fiches.diffusion.body_content import Bodies, as_html, as_text, plain_markup, rich_text
from fiches.diffusion.contents import contact, instant, page_context, partner, place, register_extra
from fiches.diffusion.renditions import picture_resource, pictures_by_key
from fiches.models import FichePage
from fiches.models.querysets import prefetch_joined
from fiches.publications import ledger
from fiches.publications.receivers import record_with
from fiches.query import parsers

if TYPE_CHECKING:
    from etapes.models import EtapeOrganisation


router = Router(tags=["étapes"])
ETAPE = "etape"
ORGANISER = openapi_parameters.parameter("partenaire", _("Address name of an organiser."), several=True)
_DAY = {"type": "string", "format": "date"}
_OWN = [
    ORGANISER,
    openapi_parameters.parameter(
        "quand",
        _("a-venir: étapes that are not over, without a date too; passees: the others."),
        {"type": "string", "enum": ["a-venir", "passees"]},
    ),
    openapi_parameters.parameter("du", _("On this day or later."), _DAY, example="2026-11-25"),
    openapi_parameters.parameter("au", _("On this day or earlier."), _DAY, example="2026-12-31"),
]
_PARAMETERS = {parameter["name"]: parameter for parameter in (*openapi_parameters.PARAMETERS, *_OWN)}
LIST_PARAMETERS = {
    "parameters": [_PARAMETERS[name] for name in (*FILTERS, "langue", "page", "par_page")] + choice_parameters()
}


class Organisateur(schemas.PartenaireBref):
    contact: schemas.Contact | None


class Moment(Schema):
    """An item of the programme. ``debut`` and ``fin`` are null when not announced."""

    type: Literal["intervention", "debat", "table_ronde", "visite", "presentation", "pause"]
    debut: schemas.Heure | None
    fin: schemas.Heure | None
    titre: str
    intervenants: str
    html: str
    texte: str


class Presentation(schemas.FicheBreve):
    heure: schemas.Heure | None


class Guichet(Schema):
    """Registration: its state, form and places left. No data about registered people."""

    etat: Literal["aucune", "ouverte", "liste_attente", "fermee"]
    url: str | None = schemas.described(_("The form; null when one can’t register."))
    places_restantes: int | None = schemas.described(_("Null where places are not counted."))
    ferme_le: schemas.datetime | None = schemas.described(_("When registration closes by itself."))


class Etape(schemas.Lieu):
    """All public fields of an étape."""

    id: int
    uid: UUID = schemas.described(_("The same across sites: names it in feeds and calendars."))
    type: Literal["etape"]
    langue: schemas.CodeDeLangue = schemas.described(_("Language of its words."), "fr")
    titre: str
    slug: str
    url: str
    ics: str | None = schemas.described(_("The same as an iCalendar file; null while it has no date."))
    exemple: bool
    numero: int | None = schemas.described(_("Number on the road."))
    edition: int | None
    chapo: str
    date: datetime.date | None = schemas.described(_("Null while it is not known: the étape is still to come."))
    debut: schemas.Heure | None = schemas.described(_("Null when the hours are not known: see “moment”."))
    fin: schemas.Heure | None
    moment: str = schemas.described(_("Part of the day, where the hours are not known."), "apres-midi")
    moment_libelle: str
    statut: Literal["prevue", "complete", "reportee", "annulee"]
    etat: Literal["prevue", "complete", "reportee", "annulee"] = schemas.described(
        _("As “statut”, and “complete” once no place is left. Whether it is past is told by its date.")
    )
    ancienne_date: datetime.date | None = schemas.described(_("Of a postponed étape: the date first announced."))
    inscriptions: Literal["aucune", "ouvertes", "fermees"] = schemas.described(
        _("What the organisers chose: see “guichet”.")
    )
    guichet: Guichet
    capacite: int | None
    lieu: str
    acces: str
    accessibilite: str
    organisateurs: list[Organisateur]
    programme: list[Moment]
    fiches: list[Presentation] = schemas.described(_("The fiches presented."))
    photo: schemas.Image | None
    compte_rendu: list[schemas.Bloc]
    compte_rendu_html: str
    compte_rendu_texte: str
    participants: int | None
    publie_le: schemas.datetime | None
    modifie_le: schemas.datetime | None


class Etapes(schemas.Liste):
    items: list[Etape]


@router.get(
    "/etapes",
    response=Etapes,
    openapi_extra=LIST_PARAMETERS,
    url_name="etapes",
    operation_id="listerEtapes",
    summary=_("The étapes that answer a question"),
    description=_("Whole, in the order of the road."),
)
def list_etapes(request: HttpRequest) -> HttpResponse:
    """Lists the étapes in the order of the road (`EtapeQuerySet.on_the_road`)."""
    choice = Choice(request, Etape)
    filters = parse_filters(request)
    langue, _message = parsers.langue(request.GET)
    pages = filters.narrow(EtapePage.objects.visible().here(langue).on_the_road())
    asked = {"depuis": None, "page": filters.page, "par_page": filters.par_page}
    return list_of_kind(request, ETAPE, pages.filter(*choice.conditions().values()), choice, asked)


def parse_filters(request: Any, kind: Any = PagedEtapeFilter) -> PagedEtapeFilter:
    """Parses the query string into a filter of class ``kind``.

    :raises QueryError: with a message for each parameter that can't be read.
    """
    with in_language_of(request):
        filters = kind.parse(request.GET)
        _langue, message = parsers.langue(request.GET)
        if message:
            filters.errors["langue"] = message
    if filters.errors:
        raise QueryError(filters.errors)
    return filters


@router.get(
    "/etapes/{slug}",
    response=Etape,
    openapi_extra=openapi_parameters.IN_LANGUAGE,
    url_name="etape",
    operation_id="lireEtape",
    summary=_("One étape by its address name"),
    description=_("An address name that it had before is answered too."),
)
def read_etape(request: HttpRequest, slug: str) -> HttpResponse:
    return detail(ETAPE, slug, request)


def build_etapes(pks: list[int]) -> dict[int, dict[str, Any]]:
    """Returns ``{pk: contents}`` for the visible étapes among ``pks``, in a fixed number of queries."""
    etapes = list(
        EtapePage.objects.visible()
        .filter(pk__in=pks)
        .with_places()
        .select_related("commune", "edition")
        .prefetch_related(prefetch_joined(EtapePage, "organisations", "partenaire"), "presentations")
    )
    return _contents(etapes)


def draft(etape: EtapePage) -> dict[str, Any]:
    """Returns the contents of one étape from the instance in memory, even if it isn't public: for a preview."""
    return _contents([etape])[etape.pk]


def _contents(etapes: list[EtapePage]) -> dict[int, dict[str, Any]]:
    bodies = Bodies([etape.compte_rendu for etape in etapes])
    images = {etape.photo_id for etape in etapes}
    images |= {link.partenaire.logo_id for etape in etapes for link in etape.organisations.all()}
    bodies.pictures.update(pictures_by_key({key for key in images if key} - bodies.pictures.keys()))
    presented = {link.fiche_id for etape in etapes for link in etape.presentations.all()}
    fiches = FichePage.objects.visible().defer("corps").in_bulk(presented)
    contents = {}
    for etape in etapes:
        with page_context(etape):
            contents[etape.pk] = _etape(etape, bodies, fiches)
    return contents


def _etape(etape: Any, bodies: Any, fiches: Any) -> dict[str, Any]:
    url = etape.full_url or ""
    report = bodies.blocks(etape.compte_rendu)
    return {
        "id": etape.pk,
        "uid": str(etape.uid),
        "type": ETAPE,
        "langue": content_language.language_of(etape),
        "titre": etape.title,
        "slug": etape.slug,
        "url": url,
        "ics": f"{url}etape.ics" if etape.date else None,
        "exemple": etape.exemple,
        "numero": etape.numero,
        "edition": etape.edition.annee if etape.edition else None,
        "chapo": etape.chapo,
        **_when(etape),
        "statut": etape.statut,
        "etat": _state(etape),
        "ancienne_date": etape.ancienne_date and etape.ancienne_date.isoformat(),
        "inscriptions": etape.inscriptions,
        "guichet": _registration(etape, url),
        "capacite": etape.capacite,
        "lieu": etape.lieu,
        "acces": etape.acces,
        "accessibilite": etape.accessibilite,
        **place(etape),
        "organisateurs": [_organiser(link, bodies.pictures) for link in etape.organisations.all()],
        "programme": [_moment(raw) for raw in etape.programme.raw_data],
        "fiches": [
            _presentation(link, fiches[link.fiche_id]) for link in etape.presentations.all() if link.fiche_id in fiches
        ],
        "photo": picture_resource(
            bodies.pictures.get(etape.photo_id), alt=etape.photo_alt, decorative=etape.photo_decorative
        ),
        "compte_rendu": report,
        "compte_rendu_html": as_html(report),
        "compte_rendu_texte": as_text(report),
        "participants": etape.participants,
        "publie_le": instant(etape.first_published_at),
        "modifie_le": instant(etape.last_published_at),
    }


def _state(etape: EtapePage) -> str:
    """The étape's status, or ``complete``. Never "past": contents are stored, and not rebuilt when time passes."""
    return "complete" if etape.sur_la_route and is_full(etape) else etape.statut


def _registration(etape: EtapePage, url: str) -> dict[str, Any]:
    guichet = etape.guichet
    return {
        "etat": str(guichet.ouverture),
        "url": f"{url}inscription/" if guichet.ouvert else None,
        "places_restantes": guichet.restantes,
        "ferme_le": instant(guichet.ferme_le),
    }


def _when(etape: EtapePage) -> dict[str, Any]:
    return {
        "date": etape.date and etape.date.isoformat(),
        "debut": etape.debut and etape.debut.isoformat("minutes"),
        "fin": etape.fin and etape.fin.isoformat("minutes"),
        "moment": etape.moment,
        "moment_libelle": str(etape.get_moment_display()),
    }


def _organiser(link: "EtapeOrganisation", pictures: dict[Any, Any]) -> dict[str, Any]:
    names = ("nom", "telephone", "courriel")
    published = {name: value for name in names if (value := getattr(link, f"contact_{name}")) and link.contact_public}
    return {**partner(link.partenaire, pictures), "contact": contact(published)}


def _moment(raw: dict[str, Any]) -> dict[str, Any]:
    value = raw["value"]
    html = rich_text(value.get("texte") or "")
    return {
        "type": raw["type"],
        "debut": (value.get("debut") or "")[:5] or None,
        "fin": (value.get("fin") or "")[:5] or None,
        "titre": value.get("titre") or "",
        "intervenants": value.get("intervenants") or "",
        "html": html,
        "texte": plain_markup(html),
    }


def _presentation(link: PresentationDeFiche, fiche: FichePage) -> dict[str, Any]:
    return {
        "id": fiche.pk,
        "titre": fiche.title,
        "slug": fiche.slug,
        "organisation": fiche.organisation,
        "url": fiche.full_url or "",
        "heure": link.heure and link.heure.isoformat("minutes"),
    }


def etape_summaries_of_fiches(pks: list[int]) -> dict[Any, Any]:
    """Returns ``{fiche pk: [visible étapes that present it, in road order]}``. One query."""
    links = PresentationDeFiche.objects.filter(fiche__in=pks, etape__in=EtapePage.objects.registered().visible())
    etapes: dict[int, list[dict[str, Any]]] = {}
    in_order = (F("etape__commence_le").asc(nulls_last=True), "etape_id")
    for link in links.select_related("etape__commune").order_by(*in_order):
        etape = link.etape
        etapes.setdefault(link.fiche_id, []).append(
            {
                "id": etape.pk,
                "titre": etape.title,
                "slug": etape.slug,
                "numero": etape.numero,
                "date": etape.date and etape.date.isoformat(),
                "commune": etape.commune.nom if etape.commune else "",
                "url": etape.full_url or "",
            }
        )
    return etapes


@receiver(ledger.recorded)
def _record_pages_that_show(kind: str, pks: list[int], is_direct: bool, **kwargs: Any) -> None:
    """Records the fiches of étapes, and the étapes of fiches: the contents of each include the other."""
    if is_direct and kind == ETAPE:
        fiches = PresentationDeFiche.objects.filter(etape__in=pks).values_list("fiche_id", flat=True)
        ledger.record(ledger.FICHE, fiches, is_direct=False)
    elif is_direct and kind == ledger.FICHE:
        etapes = PresentationDeFiche.objects.filter(fiche__in=pks).values_list("etape_id", flat=True)
        ledger.record(ETAPE, etapes, is_direct=False)


@receiver(places_changed)
def _places_changed(sender: type, etape: EtapePage, **kwargs: Any) -> None:
    keys = content_language.keys_of_translations([etape.pk])
    ledger.record(ETAPE, keys, is_direct=False, build=False)  # a place that changes hands is told


def _fiche_and_etape(presentation: PresentationDeFiche) -> dict[str, Iterable[int]]:
    return {ledger.FICHE: [presentation.fiche_id], ETAPE: [presentation.etape_id]}


def register() -> None:
    ledger.register_kind(ETAPE, EtapePage, build_etapes)
    record_with(PresentationDeFiche, find=_fiche_and_etape)
    register_extra("etapes", etape_summaries_of_fiches)
    register_page_type(EtapeIndexPage, "liste_des_etapes")
    register_page_type(
        EtapePage,
        ETAPE,
        shape=Etape,
        read=lambda etapes: (
            etapes.with_places()
            .select_related("commune", "photo")
            .prefetch_related(prefetch_joined(EtapePage, "organisations", "partenaire"), "photo__renditions")
        ),
        structured=lambda etape, _contents: event(etape),
        draft=draft,
    )
    register_router(router)
    openapi_parameters.add_parameter("etape", _("Address name of an étape: the fiches presented there."), several=True)
