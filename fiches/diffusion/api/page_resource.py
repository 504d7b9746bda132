"""API resource ``/pages``: any public page for a separate (headless) front end, by its path, and the list of all pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import orjson
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import uri_to_iri
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, create_model
from wagtail.models import Page, Site, get_page_models

from fiches import content_language
from fiches.diffusion.api import lists, openapi_parameters, schemas
from fiches.diffusion.api.lists import Choice, choice_parameters
from fiches.diffusion.api.page_schemas import PageCommune, Redirection
from fiches.diffusion.api.problems import QueryError
from fiches.diffusion.api.site_resource import shared_picture
from fiches.diffusion.body_content import Bodies, as_html, as_text
from fiches.diffusion.contents import instant, page_context
from fiches.diffusion.page_lookup import public_pages, row_at
from fiches.diffusion.renditions import picture_resource, pictures_by_key
from fiches.models import Publication
from fiches.models.querysets import VisibleQuerySet
from fiches.models.revisions import introduction_of, own_value
from fiches.pages import jsonld
from fiches.publications import ledger
from fiches.publications.redirects import find_destination
from fiches.query import parsers

LONGEST_DESCRIPTION = 200
LONGEST_PATH = 2_000
WHICH = ("id", "uid", "champs", "curseur")
# Parameters that are accepted with « chemin ». The first page is accepted too: some clients send the defaults.
BESIDE_A_PATH = {"chemin", "langue", "champs", "par_page"}
PATH = openapi_parameters.parameter(
    "chemin",
    _("The page at this path of the site. An old path is answered by the page’s present one: see “redirection”."),
    example="/fiches/",
)
TYPE = openapi_parameters.parameter("type", _("Only the pages of this type."), example="fiche")
ASKED = {
    "parameters": [
        PATH,
        TYPE,
        *openapi_parameters.PAGED,
        *choice_parameters(*WHICH),
    ]
}


class PageType(NamedTuple):
    """What the API adds for the pages of one model to what every page has.

    name: the type's name, which is also the key of its own contents.
    shape: the schema of these contents; None if it has none.
    own: ``own(pages)`` returns ``{pk: contents}``; without it, those of the register, if the type has a shape.
    read: ``read(queryset)`` adds the related objects that ``structured`` needs.
    structured: ``structured(page, contents)`` returns the page's JSON-LD; empty, it is left out.
    below: ``below(item, rest)`` returns what the page shows at an address below its own, such as ``2025/``: the keys of the item
        that differ there; None if nothing is there.
    draft: ``draft(page)`` returns the contents of an instance in memory, for its preview on a separate front end. The blocks of such
        a page are in its own contents; those of others, editorial pages, are listed with the page.
    """

    name: str
    shape: Any = None
    own: Callable[[list[Any]], dict[int, Any]] | None = None
    read: Callable[[QuerySet], QuerySet] | None = None
    structured: Callable[[Any, Any], dict] | None = None
    below: Callable[[dict[str, Any], str], dict[str, Any] | None] | None = None
    draft: Callable[[Any], dict[str, Any]] | None = None


_types: dict[type, PageType] = {}


def register_page_type(model: type, name: str, **kwargs: Any) -> None:
    """Registers the PageType of a model; called from ``AppConfig.ready()``.

    Pages of other models are served too: their type is the name of their model.

    :param kwargs: the fields of :class:`PageType`.
    """
    _types[model] = PageType(name, **kwargs)


def shape_of_pages() -> type[Schema]:
    """Returns the schema of a page: the common keys, and a key for the contents of each registered type."""
    own: Any = {
        each.name: (each.shape | None, schemas.described(_("The contents of a page of this type; else null.")))
        for each in _types.values()
        if each.shape
    }
    return create_model("Page", __base__=PageCommune, **own)


def shape_of_drafts() -> Any:
    """Returns the schema of a draft: the one of the contents of its type."""
    shapes = [each.shape for each in sorted(_types.values(), key=lambda each: each.name) if each.draft]
    return Annotated[reduce(or_, shapes), Field(discriminator="type")] if len(shapes) > 1 else shapes[0]


# --- Answers -----------------------------------------------------------------------------------------------------------------


def make_router() -> Router:
    """Returns the router of ``/pages``; called when every app has registered its page types."""
    router, shape = Router(tags=["pages"]), shape_of_pages()
    redirection: Any = (
        Redirection | None,
        schemas.described(
            _("Set when “chemin” is an old one; “items” then holds the page that is there now, if it is ours.")
        ),
    )
    pages: Any = create_model(
        "Pages", __base__=schemas.Liste, items=(list[shape], ...), redirection=redirection
    )  # made at run time

    @router.get(
        "/pages",
        response=pages,
        openapi_extra=ASKED,
        url_name="pages",
        operation_id="listerPages",
        summary=_("Any public page"),
        description=_("By its path with “chemin”, or all of them."),
    )
    def list_pages(request: HttpRequest) -> HttpResponse:
        choice = Choice(request, shape, WHICH)
        query = _read(request)
        if "chemin" in query:
            _refuse_others(query, choice)
            return _page_at(request, query["chemin"], choice)
        return _list(request, query, choice)

    return router


def _refuse_others(query: dict[str, Any], choice: Choice) -> None:
    """:raises QueryError: parameters that choose among several pages, beside « chemin »."""
    first = {"page"} if query.get("page") == 1 else set()
    chosen = {name for name in WHICH if getattr(choice, name) is not None}
    if others := {*query, *chosen} - BESIDE_A_PATH - first:
        raise QueryError(dict.fromkeys(others, _("Leave it out: “chemin” names one page.")))


def _read(request: HttpRequest) -> dict[str, Any]:
    return lists.read_parameters(request, lists.PAGING | {"chemin": _path, "type": _type})


def _path(text: str) -> str:
    if not text.startswith("/") or len(text) > LONGEST_PATH:
        raise ValueError(_("A path begins with “/”: “/fiches/”."))
    return text.partition("#")[0]


def _type(text: str) -> str:
    if text not in (names := _models_by_type()):
        known = {"text": parsers.shown(text), "known": ", ".join(sorted(names))}
        raise ValueError(_("“%(text)s” is no type of page: choose among %(known)s.") % known)
    return text


def _page_at(request: HttpRequest, path: str, choice: Choice) -> HttpResponse:
    """Returns the list response with the page at a path, or at the path to which its redirect leads.

    :raises Http404: when there is no public page there.
    """
    site, redirection = Site.find_for_request(request), None
    path, _mark, query = path.partition("?")
    items, hosts = _items_at(site, path), {request.get_host(), site and urlsplit(site.root_url).netloc}
    if site and not items and (destination := find_destination(request, path, query)):
        base = site.root_url if destination.page else request.build_absolute_uri()
        parts = urlsplit(urljoin(base, destination.url))
        redirection = {"url": parts.geturl(), "permanente": destination.is_permanent}
        items = _items_at(site, uri_to_iri(parts.path)) if parts.netloc in hosts else []
        if destination.page and not items:
            raise Http404
    if not items and not redirection:
        raise Http404
    return lists.list_response(request, count=len(items), items=items, choice=choice, redirection=redirection)


def _items_at(site: Site | None, path: str) -> list[dict[str, Any]]:
    """Returns a list of the page at a path, or of the page above as it is shown there; an empty list if nothing is."""
    row = row_at(site, path) if site else None
    item = None if row else _item_below(site, path)
    return list(_serialize([row.object_id], site).values()) if row else [item] if item else []


def _item_below(site: Site | None, path: str) -> dict[str, Any] | None:
    """Returns the page above a path as it is shown there (see ``PageType.below``); None if no page shows something there."""
    above, _slash, name = path.rstrip("/").rpartition("/")
    row = row_at(site, above) if site and name else None
    for item in _serialize([row.object_id], site).values() if row else ():
        each = next((each for each in _types.values() if each.name == item["type"]), None)
        if each and each.below and (shown := each.below(item, f"{name}/")):
            return {**item, **shown}
    return None


def _list(request: HttpRequest, query: dict[str, Any], choice: Choice) -> HttpResponse:
    site = Site.find_for_request(request)
    rows = public_pages(site).in_language(query.get("langue", "")) if site else Publication.objects.none()
    rows = rows.filter(**_only_of_type(query["type"])) if "type" in query else rows
    rows = rows.filter(changed_at__gte=query["depuis"]) if "depuis" in query else rows
    rows = rows.filter(*choice.conditions(pk="object_id").values()).order_by("object_id")
    keys, count = rows.values_list("object_id", flat=True), rows.count()
    part = lists.cut(choice, keys.__getitem__, count, lists.FIRST_PAGE | query)
    items = _serialize(part.keys, site).values()
    return lists.list_response(request, count=count, items=items, part=part, choice=choice, redirection=None)


def _only_of_type(name: str) -> dict[str, QuerySet]:
    return {"object_id__in": Page.objects.order_by().exact_type(*_models_by_type()[name]).values("pk")}


@cache
def _models_by_type() -> dict[str, list[type[Page]]]:
    """``{type: the models whose pages have it}``, those of the host as well."""
    models = defaultdict(list)
    for model in get_page_models():
        models[type_of(model).name].append(model)
    return models


# --- Serialization -----------------------------------------------------------------------------------------------------------


class _Relatives:
    """The ancestors, children and translations of several pages, in three queries."""

    def __init__(self, pages: "list[Page]") -> None:
        paths = {page.path[:end] for page in pages for end in range(2 * Page.steplen, len(page.path), Page.steplen)}
        visible = VisibleQuerySet(Page).visible()
        self.ancestors = {page.path: page for page in visible.filter(path__in=paths)}
        self.children = defaultdict(list)
        for page in visible.in_menu().order_by("path"):
            self.children[page.path[: -Page.steplen]].append(page)
        self.versions = defaultdict(list)
        if content_language.is_multilingual():
            keys = {page.translation_key for page in pages}
            for page in visible.filter(translation_key__in=keys):
                self.versions[page.translation_key].append(page)

    def breadcrumb(self, page: Page) -> "list[Page]":
        ends = range(2 * Page.steplen, len(page.path), Page.steplen)
        return [*filter(None, (self.ancestors.get(page.path[:end]) for end in ends)), page]

    def translations(self, page: Page) -> list[Page]:
        order = content_language.languages()
        others = [other for other in self.versions[page.translation_key] if other.pk != page.pk]
        return sorted(others, key=lambda other: order.index(content_language.language_of(other)))


def _serialize(keys: Iterable[int], site: Site | None) -> dict[int, dict]:
    """Returns ``{pk: page as JSON}`` in the order of ``keys``. The number of queries depends on the types of the pages only."""
    keys = list(keys)
    by_type = _by_type(keys)
    relatives = _Relatives([page for some in by_type.values() for page in some])
    serialized = {
        page.pk: {**contents, **_metadata(page, each, own, relatives, site)}
        for page, each, own, contents in _contents(by_type)
    }
    return {pk: serialized[pk] for pk in keys if pk in serialized}


def build_pages(keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Returns ``{pk: contents}`` of the public pages among ``keys`` for webhooks: what ``/pages`` gives of a page by itself,
    without its breadcrumb, translations and metadata."""
    others = {each.name for each in _types.values() if each.shape}
    return {
        page.pk: {name: value for name, value in contents.items() if name not in others}
        for page, _type, _own, contents in _contents(_by_type(list(keys)))
    }


def _contents(by_type: dict[PageType, list[Any]]) -> Iterator[tuple[Any, PageType, Any, dict[str, Any]]]:
    """Yields ``(page, its type, the contents of its own, what it holds by itself)``, in the language and on the site of each page."""
    pages = [page for some in by_type.values() for page in some]
    editorial = [page for page in pages if not type_of(type(page)).draft and own_value(page, "corps") is not None]
    bodies = Bodies([page.corps for page in editorial])
    photos = {own_value(page, "photo_id") for page in pages} - {None} - bodies.pictures.keys()
    bodies.pictures.update(pictures_by_key(photos))
    for each, some in by_type.items():
        own = each.own(some) if each.own else _in_register(each, some)
        for page in some:
            with page_context(page):
                blocks = bodies.blocks(page.corps) if page in editorial else []
                contents = _page(page, each, own.get(page.pk), blocks, bodies.pictures)
                yield page, each, own.get(page.pk), contents


def _in_register(each: PageType, pages: list[Any]) -> dict[int, Any]:
    texts = ledger.contents(each.name, [page.pk for page in pages]) if each.shape else {}
    return {pk: orjson.loads(text) for pk, text in texts.items()}


def _by_type(keys: list[int]) -> dict[PageType, list[Any]]:
    """Returns the specific pages by type, with the related objects that their type needs."""
    by_type: dict[PageType, list[Any]] = defaultdict(list)
    models = defaultdict(list)
    for page in VisibleQuerySet(Page).visible().filter(pk__in=keys).select_related("content_type"):
        models[page.specific_class].append(page.pk)
    for model, pks in models.items():
        each = type_of(model)
        pages = model._default_manager.filter(pk__in=pks)
        by_type[each] += list(each.read(pages) if each.read else pages)
    return by_type


def type_of(model: Any) -> PageType:
    """The type registered for a model or for the one that it is derived from; else one with the model's name."""
    return next((_types[each] for each in model.__mro__ if each in _types), PageType(model._meta.model_name))


def _page(
    page: Any, each: PageType, contents: dict[str, Any] | None, blocks: list[Any], pictures: Any
) -> dict[str, Any]:
    photo = pictures.get(own_value(page, "photo_id"))
    return {
        "id": page.pk,
        "uid": str(own_value(page, "uid") or page.translation_key),
        "type": each.name,
        "langue": content_language.language_of(page),
        "slug": page.slug,
        **brief(page),
        "introduction": introduction_of(page),
        "photo": photo
        and picture_resource(
            photo, alt=own_value(page, "photo_alt", ""), decorative=own_value(page, "photo_decorative", False)
        ),
        "corps": blocks,
        "texte_html": as_html(blocks),
        "texte": as_text(blocks),
        "publie_le": instant(page.first_published_at),
        "modifie_le": instant(page.last_published_at),
        **{known.name: contents if known is each else None for known in _types.values() if known.shape},
    }


def _metadata(
    page: Page,
    each: PageType,
    contents: dict[str, Any] | None,
    relatives: _Relatives,
    site: Site,
) -> Any:
    """Returns the SEO metadata of a page, and its links to ancestors, children and translations."""
    trail = relatives.breadcrumb(page)
    image = site and shared_picture(page, site)
    structured = each.structured(page, contents) if each.structured else jsonld.text(page)
    if image and not each.structured:
        structured.setdefault("image", image["url"])
    description = page.search_description or introduction_of(page)
    return {
        "referencement": {
            "titre": page.seo_title or page.title,
            "description": Truncator(description).chars(LONGEST_DESCRIPTION),
            "image": image,
            "jsonld": [data for data in (structured, len(trail) > 1 and jsonld.breadcrumbs(trail)) if data],
        },
        "fil": [brief(step) for step in trail],
        "sous_pages": [brief(child) for child in relatives.children[page.path]],
        "traductions": [_version(other) for other in relatives.translations(page)],
    }


def brief(page: Page) -> dict[str, str]:
    """Returns the page's title, path and address, as `PageBreve` describes them."""
    parts = page.get_url_parts()
    return {"titre": page.title, "chemin": parts[2] if parts else "", "url": page.full_url or ""}


def _version(page: Page) -> dict[str, str]:
    link = brief(page)
    return {"langue": content_language.language_of(page), "chemin": link["chemin"], "url": link["url"]}
