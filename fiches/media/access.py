"""Who may see a picture or a document: partners their own, staff those of their collections, and the public what a public
page shows.

Wagtail's APIs and the addresses of the files ask :func:`visible` and :func:`may_open`, and decide nothing themselves.
"""

import json
import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, ReferenceIndex, Revision
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.query import PageQuerySet
from wagtail.signals import page_published

from fiches.models.querysets import VisibleQuerySet

PARTNERS_COLLECTION = "Partenaires (privé)"
MAY_SEE = {"choose", "change"}
# Pages of somebody's that are read to know whether one of their drafts shows a picture.
MOST_PAGES = 100
# Columns, outside pages, whose pictures or documents everyone sees.
_public_columns: list[tuple[type[Model], str]] = []
# Pages that partners write.
_released: set[type[Page]] = set()


class OwnUploadsPolicy(CollectionOwnershipPermissionPolicy):
    """Who may add may also choose what they added."""

    def user_has_any_permission_for_instance(self, user, actions, instance):
        if super().user_has_any_permission_for_instance(user, actions, instance):
            return True
        own = getattr(instance, f"{self.owner_field_name}_id") == user.pk
        return own and "choose" in actions and self._check_perm(user, ["add"])

    def instances_user_has_any_permission_for(self, user, actions):
        found = super().instances_user_has_any_permission_for(user, actions)
        if "choose" in actions and user.is_authenticated and self._check_perm(user, ["add"]):
            return self.model._default_manager.filter(Q(pk__in=found.values("pk")) | Q(**{self.owner_field_name: user}))
        return found


def register():
    """Called with the admin's addresses, so after Wagtail registered its own."""
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = OwnUploadsPolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy)


def connect():
    """Called once, when Django starts."""
    from fiches.models import FichePage, Partenaire

    register_public(Partenaire, "logo")
    register_released(FichePage)
    page_published.connect(_page_published, dispatch_uid="media_of_a_page")


def register_released(model: type[Page]) -> None:
    """Called from ``AppConfig.ready()``: what a page of ``model`` shows leaves the partners' private collection when it is
    published."""
    _released.add(model)


def register_public(model: type[Model], column: str) -> None:
    """Called from ``AppConfig.ready()``: the pictures or documents that ``column``, a foreign key of ``model``, refers to are
    public. What pages refer to needs no call."""
    _public_columns.append((model, column))


def closed(path: str = "collection__path") -> Exists:
    """A condition: the collection at tree path ``path``, or one above it, has a view restriction."""
    here = ExpressionWrapper(OuterRef(path), output_field=CharField())
    top = Subquery(Collection.objects.filter(pk=OuterRef("collection")).order_by().values("path"))
    return Exists(CollectionViewRestriction.objects.annotate(here=here, top=top).filter(here__startswith=F("top")))


def open_to_readers(model: type[Model], pks: Iterable[int]) -> QuerySet:
    """Those among ``pks``, shown by a page, that whoever may read that page may open: their collection has no view
    restriction."""
    return model._default_manager.filter(~closed(), pk__in=pks)


def visible(model: type[Model]) -> QuerySet:
    """The pictures or documents that everyone may see: a page that everyone may read shows them, or a public column
    (:func:`register_public`) does, and their collection has no view restriction.

    :param model: the image or the document model of the site.
    :returns: a queryset that can be searched: its only condition is on the primary key.
    """
    shown = Q(Exists(_references(model, VisibleQuerySet(Page).visible())))
    for other, column in _public_columns:
        if other._meta.get_field(column).related_model is model:
            shown |= Q(pk__in=other._default_manager.filter(**{f"{column}__isnull": False}).values(column))
    found = model._default_manager.filter(shown, ~closed())
    return model._default_manager.filter(pk__in=found.order_by().values("pk"))


def seen_by(user: AbstractBaseUser | AnonymousUser, model: type[Model]) -> QuerySet:
    """What :func:`visible` gives, and what this person may choose or change in the admin."""
    if not user.is_authenticated:
        return visible(model)
    theirs = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, MAY_SEE)
    either = Q(pk__in=visible(model).values("pk")) | Q(pk__in=theirs.order_by().values("pk"))
    return model._default_manager.filter(either)


def is_visible(item: Model) -> bool:
    """Whether everyone may see this picture or document."""
    return visible(type(item)).filter(pk=item.pk).exists()


def may_use(request: HttpRequest, item: Model) -> bool:
    """Whether who asks may choose or change it in the admin, or may change a page whose last revision shows it (their own
    fiche, an étape that they organise)."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    return _may_use(request.user, item)


def may_read_title(user: AbstractBaseUser, item: Model) -> bool:
    """Whether the admin may show this person the title of a picture or document: they may use it, or everyone sees it."""
    return _may_use(user, item) or is_visible(item)


def _may_use(user: AbstractBaseUser, item: Model) -> bool:
    policy = policy_registry.get_by_type(type(item))
    return policy.user_has_any_permission_for_instance(user, MAY_SEE, item) or _is_on_a_page_changed_by(user, item)


def may_open(request: HttpRequest, item: Model) -> bool:
    """Whether who asks may see a picture or document that isn't public: they may use it, or read a reserved page that shows
    it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return may_use(request, item) or _is_on_a_page_open_to(request, item)


def _is_on_a_page_open_to(request: HttpRequest, item: Model) -> bool:
    """Whether a page that is online shows it, all the restrictions of that page let this request in, and the collection has
    none."""
    if type(item)._default_manager.filter(closed(), pk=item.pk).exists():
        return False
    pages = Page.objects.filter(~Q(expire_at__lte=timezone.now()), live=True, pk__in=_pages_that_show(item))
    return any(all(each.accept_request(request) for each in page.get_view_restrictions()) for page in pages)


def _is_on_a_page_changed_by(user: AbstractBaseUser, item: Model) -> bool:
    """Whether a page that this person may change shows it, in its last revision: the row of a draft holds its first text.

    The newest pages are read, those alone whose revision holds the number of ``item``.
    """
    pages = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, {"change"})
    newest = pages.order_by("-latest_revision_created_at").values_list("latest_revision", flat=True)[:MOST_PAGES]
    number = re.compile(rf"(?<![0-9]){item.pk}(?![0-9])")
    kind = ContentType.objects.get_for_model(type(item)).pk
    return any(
        (reference[0], str(reference[1])) == (kind, str(item.pk))
        for revision in Revision.objects.filter(pk__in=list(newest))
        if number.search(json.dumps(revision.content))
        for reference in ReferenceIndex._extract_references_from_object(revision.as_object())
    )


def _pages_that_show(item: Model) -> QuerySet:
    """The keys of the pages whose rows refer to it."""
    return _to(type(item)).filter(to_object_id=str(item.pk)).values("page")


def _references(model: type[Model], pages: PageQuerySet) -> QuerySet:
    """The references from one of ``pages`` to the object of the outer query."""
    this_one = _to(model).filter(to_object_id=Cast(OuterRef("pk"), CharField()))
    return this_one.filter(Exists(pages.filter(pk=OuterRef("page"))))


def _to(model: type[Model]) -> QuerySet:
    """The references from pages to objects of ``model``, each with the key of its ``page``.

    PostgreSQL may cast a row before it filters it, and the keys of other models aren't all numbers: hence the ``CASE``.
    """
    page = ContentType.objects.get_for_model(Page)
    key = Case(When(base_content_type=page, then=Cast("object_id", BigIntegerField())))
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model), base_content_type=page
    )
    return references.annotate(page=key)


def _page_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Receiver: what a page shows is known when it is published, not when the worker comes to it."""
    ReferenceIndex.create_or_update_for_object(instance)
    if sender in _released:
        publish_media(instance)


def publish_media(instance: Page) -> None:
    """What a published page shows leaves the partners' private collection."""
    models = (get_image_model(), get_document_model())
    holds = reduce(or_, (Q(Exists(model.objects.filter(collection=OuterRef("pk")))) for model in models))
    private = Collection.objects.filter(holds, name=PARTNERS_COLLECTION, depth=2).first()
    if not private:
        return
    references = ReferenceIndex.get_references_for_object(instance)
    for model in models:
        shown = [reference.to_object_id for reference in references if reference.to_content_type.model_class() is model]
        for item in model.objects.filter(collection=private, pk__in=shown):
            item.collection = Collection.get_first_root_node()
            item.save(update_fields=["collection"])
