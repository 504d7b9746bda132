"""Any public page as a separate front end draws it, found by its address; and all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson
from django.db.models import QuerySet
from django.http import Http404
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import create_model
from wagtail.models import Page, Site

from fiches import langues
from fiches.diffusion.api import langage, listes, schemas
from fiches.diffusion.api.choix import Choice, taken
from fiches.diffusion.api.pagination import READERS
from fiches.diffusion.api.problemes import QueryError
from fiches.diffusion.api.site import Partage, shared_picture
from fiches.diffusion.chemins import moved_to, public_pages, row_at
from fiches.diffusion.contenu import instant, made_for
from fiches.diffusion.corps import Bodies, as_html, as_text
from fiches.diffusion.images import picture, read_pictures
from fiches.models import Publication
from fiches.models.querysets import VisibleQuerySet
from fiches.pages import jsonld
from fiches.publications import ledger
from fiches.query import parametres

LONGEST_DESCRIPTION = 200
LONGEST_PATH = 2_000
WHICH = ("id", "uid", "champs")
PATH = langage.parameter(
    "chemin",
    _("The page at this path of the site. An old path is answered by the page’s present one: see “redirection”."),
    example="/fiches/une-recette/",
)
TYPE = langage.parameter("type", _("Only the pages of this type."), example="fiche")
ASKED = {"parameters": [PATH, TYPE, *langage.PAGED["parameters"], *taken(*WHICH)]}


class PageType(NamedTuple):
    """What the API says of the pages of one model beside what every page has.

    ``shape``: of their own contents, under their type's name; ``own(pages)`` gives ``{key: contents}``. ``read(queryset)`` adds
    what ``structured(page, contents)``, their JSON-LD, reads. Of those that are ``is_editorial`` the blocks are told beside them.
    """

    name: str
    shape: Any = None
    own: Callable[[list[Any]], dict[int, Any]] | None = None
    read: Callable[[QuerySet], QuerySet] | None = None
    structured: Callable[[Any, Any], dict] | None = None
    is_editorial: bool = True


_types: dict[type, PageType] = {}


def register_page_type(model: type, name: str, **kwargs: Any) -> None:
    """Called from ``AppConfig.ready()``. ``kwargs`` are the fields of :class:`PageType`. A page of a model that nobody registered is
    served too; its type is then the name of its model."""
    _types[model] = PageType(name, **kwargs)


def contents_of_kind(name: str) -> Callable[[list[Any]], dict[int, Any]]:
    """The own contents of the pages of a kind of the register: those that the API's list of them shows."""
    return lambda pages: {
        pk: orjson.loads(text) for pk, text in ledger.contents(name, [page.pk for page in pages]).items()
    }


# --- Shapes ------------------------------------------------------------------------------------------------------------------


class PageBreve(Schema):
    titre: str
    chemin: str = schemas.said(_("The path on this site: asks for the page with “chemin”."), "/fiches/")
    url: str


class Traduction(Schema):
    langue: str
    chemin: str
    url: str


class Referencement(Schema):
    """The metadata of a page: titles, description, sharing picture and JSON-LD."""

    titre: str
    description: str
    image: Partage | None
    jsonld: list[dict[str, Any]] = schemas.said(_("Structured data in schema.org’s words."))


class Redirection(Schema):
    url: str = schemas.said(_("The address to which the path that was asked for leads now."))
    permanente: bool


class PageCommune(Schema):
    id: int
    uid: schemas.UUID = schemas.said(_("The same for a page and its translations."))
    type: str = schemas.said(_("What the page is: its own contents are under the key of this name, if it has some."))
    langue: str = schemas.said(_("Language of its words."), "fr")
    titre: str
    slug: str
    chemin: str = schemas.said(_("The path on this site: asks for the page with “chemin”."), "/fiches/")
    url: str
    introduction: str
    photo: schemas.Image | None
    corps: list[schemas.Bloc] = schemas.said(_("The blocks of an editorial page; others have them in their contents."))
    texte_html: str = schemas.said(_("The blocks as one text, in HTML."))
    texte: str = schemas.said(_("The blocks as one text, without tags."))
    referencement: Referencement
    fil: list[PageBreve] = schemas.said(_("The pages from the home page to this one."))
    sous_pages: list[PageBreve] = schemas.said(_("The pages below it that menus show."))
    traductions: list[Traduction]
    publie_le: schemas.datetime | None
    modifie_le: schemas.datetime | None


def shape_of_pages() -> type[Schema]:
    own: Any = {
        each.name: (each.shape | None, schemas.said(_("The contents of a page of this type; else null.")))
        for each in _types.values()
        if each.shape
    }
    return create_model("Page", __base__=PageCommune, **own)


# --- Answers -----------------------------------------------------------------------------------------------------------------


def make_router() -> Router:
    """Made once every room has registered its types."""
    router, shape = Router(tags=["pages"]), shape_of_pages()
    redirection: Any = (
        Redirection | None,
        schemas.said(
            _("Set when “chemin” is an old one; “items” then holds the page that is there now, if it is ours.")
        ),
    )
    pages: Any = create_model("Pages", __base__=schemas.Liste, items=(list[shape], ...), redirection=redirection)  # type: ignore[valid-type]  # made at run time

    @router.get(
        "/pages",
        response=pages,
        openapi_extra=ASKED,
        url_name="pages",
        operation_id="listerPages",
        summary=_("Any public page"),
        description=_("By its path with “chemin”, or all of them."),
    )
    def list_pages(request):
        choice = Choice(request, shape, WHICH)
        asked = _read(request)
        if "chemin" in asked:
            return _at(request, asked["chemin"], choice)
        return _listed(request, asked, choice)

    return router


def _read(request):
    known = {**READERS, "chemin": _path, "type": _type}
    return listes.read_query(request, known)


def _path(text):
    if not text.startswith("/") or len(text) > LONGEST_PATH:
        raise ValueError(_("A path begins with “/”: “/fiches/”."))
    return text.partition("?")[0].partition("#")[0]


def _type(text):
    if text not in (names := sorted(each.name for each in _types.values())):
        known = {"text": parametres.shown(text), "known": ", ".join(names)}
        raise ValueError(_("“%(text)s” is no type of page: choose among %(known)s.") % known)
    return text


def _at(request, path, choice):
    """The page at a path, or at the path to which it leads now.

    :raises Http404: where there is none that the public may see.
    """
    site, redirection = Site.find_for_request(request), None
    row = row_at(site, path) if site else None
    if row is None:
        moved = moved_to(request, site, path) if site else None
        if moved is None:
            raise Http404
        address, is_permanent, row = moved
        redirection = {"url": request.build_absolute_uri(address), "permanente": is_permanent}
    items = list(_built([row.object_id], site).values()) if row else []
    return listes.answer(request, count=len(items), items=items, choice=choice, redirection=redirection)


def _listed(request, asked, choice):
    site = Site.find_for_request(request)
    rows = public_pages(site).in_language(asked.get("langue", "")) if site else Publication.objects.none()
    rows = rows.filter(**_only_of_type(asked["type"])) if "type" in asked else rows
    rows = rows.filter(changed_at__gte=asked["depuis"]) if "depuis" in asked else rows
    rows = rows.filter(*choice.conditions(None).values()).order_by("object_id")
    number, size = asked.get("page", 1), asked.get("par_page", parametres.PAR_PAGE)
    count, start = rows.count(), (number - 1) * size
    if start and start >= count:
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": number}})
    keys = list(rows.values_list("object_id", flat=True)[start : start + size])
    return listes.answer(
        request,
        count=count,
        items=_built(keys, site).values(),
        parameters=[(name, value) for name, value in request.GET.items() if name != "page"],
        following=("page", number + 1) if start + size < count else None,
        preceding=("page", number - 1) if start else None,
        choice=choice,
        redirection=None,
    )


def _only_of_type(name):
    model = next(model for model, each in _types.items() if each.name == name)
    return {"object_id__in": model.objects.order_by().values("pk")}


# --- What is said of a page --------------------------------------------------------------------------------------------------


class _Around:
    """What surrounds several pages: those above and below them, their translations. Three queries."""

    def __init__(self, pages):
        paths = {page.path[:end] for page in pages for end in range(2 * Page.steplen, len(page.path), Page.steplen)}
        visible = VisibleQuerySet(Page).visible()
        self.above = {page.path: page for page in visible.filter(path__in=paths)}
        self.below = defaultdict(list)
        for page in visible.in_menu().order_by("path"):
            self.below[page.path[: -Page.steplen]].append(page)
        self.versions = defaultdict(list)
        if langues.is_multilingual():
            keys = {page.translation_key for page in pages}
            for page in visible.filter(translation_key__in=keys):
                self.versions[page.translation_key].append(page)

    def trail(self, page):
        ends = range(2 * Page.steplen, len(page.path), Page.steplen)
        return [*filter(None, (self.above.get(page.path[:end]) for end in ends)), page]

    def translations(self, page):
        order = langues.languages()
        others = [other for other in self.versions[page.translation_key] if other.pk != page.pk]
        return sorted(others, key=lambda other: order.index(langues.language_of(other)))


def _built(keys: Iterable[int], site: Site | None) -> dict[int, dict]:
    """``{key: the page in short}``, in the order of ``keys``. The number of queries depends on the types of the pages only."""
    keys = list(keys)
    by_type = _by_type(keys)
    pages = [page for some in by_type.values() for page in some]
    around = _Around(pages)
    editorial = [page for page in pages if _type_of(page).is_editorial and getattr(page, "corps", None) is not None]
    bodies = Bodies([page.corps for page in editorial])
    photos = {getattr(page, "photo_id", None) for page in pages} - {None} - bodies.pictures.keys()
    bodies.pictures.update(read_pictures(photos))
    found = {}
    for each, some in by_type.items():
        own = each.own(some) if each.own else {}
        for page in some:
            with made_for(page):
                blocks = bodies.blocks(page.corps) if page in editorial else []
                found[page.pk] = {
                    **_page(page, each, own.get(page.pk), blocks, bodies.pictures),
                    **_placed(page, each, own.get(page.pk), around, site),
                }
    return {pk: found[pk] for pk in keys if pk in found}


def _by_type(keys) -> dict[PageType, list[Any]]:
    """The pages, each with what its type reads of it."""
    found: dict[PageType, list[Any]] = defaultdict(list)
    models = defaultdict(list)
    for page in VisibleQuerySet(Page).visible().filter(pk__in=keys).select_related("content_type"):
        models[page.specific_class].append(page.pk)
    for model, pks in models.items():
        each = _types.get(model) or PageType(model._meta.model_name)
        pages = model._default_manager.filter(pk__in=pks)
        found[each] += list(each.read(pages) if each.read else pages)
    return found


def _type_of(page):
    return _types.get(type(page)) or PageType(page._meta.model_name)


def _page(page, each, contents, blocks, pictures):
    photo = pictures.get(getattr(page, "photo_id", None))
    return {
        "id": page.pk,
        "uid": str(getattr(page, "uid", None) or page.translation_key),
        "type": each.name,
        "langue": langues.language_of(page),
        "slug": page.slug,
        **brief(page),
        "introduction": _introduction(page),
        "photo": photo
        and picture(photo, alt=getattr(page, "photo_alt", ""), decorative=getattr(page, "photo_decorative", False)),
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "publie_le": instant(page.first_published_at),
        "modifie_le": instant(page.last_published_at),
        **{known.name: contents if known is each else None for known in _types.values() if known.shape},
    }


def _placed(page, each, contents, around, site):
    """What is said of a page among the others, and to those who look for it."""
    trail = around.trail(page)
    structured = (each.structured or _text)(page, contents)
    description = page.search_description or _introduction(page)
    return {
        "referencement": {
            "titre": page.seo_title or page.title,
            "description": Truncator(description).chars(LONGEST_DESCRIPTION),
            "image": site and shared_picture(page, site),
            "jsonld": [structured, *([jsonld.breadcrumbs(trail)] if len(trail) > 1 else [])],
        },
        "fil": [brief(step) for step in trail],
        "sous_pages": [brief(child) for child in around.below[page.path]],
        "traductions": [_version(other) for other in around.translations(page)],
    }


def brief(page):
    """The page in short, as `PageBreve` describes it."""
    parts = page.get_url_parts()
    return {"titre": page.title, "chemin": parts[2] if parts else "", "url": page.full_url or ""}


def _version(page):
    told = brief(page)
    return {"langue": langues.language_of(page), "chemin": told["chemin"], "url": told["url"]}


def _introduction(page):
    return getattr(page, "chapo", "") or getattr(page, "introduction", "")


def _text(page, contents):
    return jsonld.text(page)
