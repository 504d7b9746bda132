"""Access to images and documents: partners see their own uploads, staff those of their collections, the public those that a
public page shows.

Wagtail's APIs and the views of the files call :func:`visible` and :func:`may_open`, and have no rules of their own.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
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
from wagtail.models import Collection, CollectionViewRestriction, Page, ReferenceIndex
from wagtail.permission_policies.base import BaseDjangoAuthPermissionPolicy
from wagtail.permission_policies.collections import CollectionPermissionLookupMixin
from wagtail.permissions import policy_registry
from wagtail.query import PageQuerySet
from wagtail.signals import page_published

from fiches.models.querysets import VisibleQuerySet
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.role_group import add_rules

PARTNERS_COLLECTION = "Partenaires (privé)"
MAY_SEE = {"choose", "change"}
# Foreign keys of models other than pages whose images or documents are public.
_public_columns: list[tuple[type[Model], str]] = []
# Page models whose media leave the partners' private collection on publication.
_released: set[type[Page]] = set()


class OwnUploadRules(CollectionPermissionLookupMixin, BaseDjangoAuthPermissionPolicy):
    """Lets a user who may add items to the partners' private collection also choose those that they added. Other users have the
    permissions that the policy of the site gives them."""

    def user_has_any_permission_for_instance(
        self, user: AbstractUser, actions: list[str] | set[str], instance: Any
    ) -> bool:
        if super().user_has_any_permission_for_instance(user, actions, instance):
            return True
        return "choose" in actions and instance.uploaded_by_user_id == user.pk and self._adds_as_partner(user)

    def instances_user_has_any_permission_for(self, user: AbstractUser, actions: list[str] | set[str]) -> Any:
        permitted = super().instances_user_has_any_permission_for(user, actions)
        if "choose" in actions and user.is_authenticated and self._adds_as_partner(user):
            own = Q(uploaded_by_user=user)
            return self.model._default_manager.filter(Q(pk__in=permitted.values("pk")) | own)
        return permitted

    def _adds_as_partner(self, user: AbstractUser) -> bool:
        given = self._get_user_permission_objects_for_actions(user, ["add"])
        return any(each.collection.name == PARTNERS_COLLECTION for each in given)


def register() -> None:
    """Adds the rules to the permission policies; called when the admin's URLs are loaded, so after all apps registered theirs."""
    for model in (get_image_model(), get_document_model()):
        add_rules(OwnUploadRules, model)


def connect() -> None:
    """Registers what is public in this package and connects the signal; called from ``AppConfig.ready()``."""
    from fiches.models import FichePage, Partenaire

    register_public(Partenaire, "logo")
    register_released(FichePage)
    page_published.connect(_page_published, dispatch_uid="media_of_a_page")


def register_released(model: type[Page]) -> None:
    """Moves the media of a page of ``model`` out of the partners' private collection on publication.

    Called from ``AppConfig.ready()``.
    """
    _released.add(model)


def register_public(model: type[Model], column: str) -> None:
    """Makes the images or documents that ``column``, a foreign key of ``model``, refers to public.

    Called from ``AppConfig.ready()``; not needed for page models.
    """
    _public_columns.append((model, column))


def is_restricted(path: str = "collection__path") -> Exists:
    """Returns a condition: the collection at the tree path ``path``, or an ancestor of it, has a view restriction."""
    here = ExpressionWrapper(OuterRef(path), output_field=CharField())
    top = Subquery(Collection.objects.filter(pk=OuterRef("collection")).order_by().values("path"))
    return Exists(CollectionViewRestriction.objects.annotate(here=here, top=top).filter(here__startswith=F("top")))


def open_to_readers(model: type[Model], pks: Iterable[int]) -> QuerySet:
    """Returns the items among ``pks`` that every reader of a page that shows them may open: their collection isn't restricted."""
    return model._default_manager.filter(~is_restricted(), pk__in=pks)


def visible(model: type[Model]) -> QuerySet:
    """Returns the public images or documents: a public page or a public column (:func:`register_public`) refers to them, and
    their collection has no view restriction.

    :param model: the site's image or document model.
    :returns: a queryset that can be searched, since its only condition is on the primary key.
    """
    condition = Q(Exists(_references(model, VisibleQuerySet(Page).visible())))
    for other, column in _public_columns:
        if other._meta.get_field(column).related_model is model:
            condition |= Q(pk__in=other._default_manager.filter(**{f"{column}__isnull": False}).values(column))
    public = model._default_manager.filter(condition, ~is_restricted())
    return model._default_manager.filter(pk__in=public.order_by().values("pk"))


def is_visible(item: Model) -> bool:
    """Returns whether an image or document is public."""
    return visible(type(item)).filter(pk=item.pk).exists()


def may_use(request: HttpRequest, item: Model) -> bool:
    """Returns whether the user may choose or change the item in the admin, or may change a page that shows it (their own
    fiche, an étape that they organise), as Wagtail's reference index knows it: not in a later draft."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    policy = policy_registry.get_by_type(type(item))
    if policy.user_has_any_permission_for_instance(request.user, MAY_SEE, item):
        return True
    pages = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(request.user, {"change"})
    return pages.filter(pk__in=_pages_that_show(item)).exists()


def may_open(request: HttpRequest, item: Model) -> bool:
    """Returns whether the user may see an item that isn't public: they may use it, or a restricted page that they may read shows
    it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return may_use(request, item) or _is_on_a_page_open_to(request, item)


def _is_on_a_page_open_to(request: HttpRequest, item: Model) -> bool:
    """Returns whether a live page shows the item, the request passes all its view restrictions, and the collection has none."""
    if type(item)._default_manager.filter(is_restricted(), pk=item.pk).exists():
        return False
    pages = Page.objects.filter(~Q(expire_at__lte=timezone.now()), live=True, pk__in=_pages_that_show(item))
    return any(all(each.accept_request(request) for each in page.get_view_restrictions()) for page in pages)


def _pages_that_show(item: Model) -> QuerySet:
    """Returns the primary keys of the pages that refer to the item."""
    return _references_to(type(item)).filter(to_object_id=str(item.pk)).values("page")


def _references(model: type[Model], pages: PageQuerySet) -> QuerySet:
    """Returns the references from ``pages`` to the object of the outer query."""
    references = _references_to(model).filter(to_object_id=Cast(OuterRef("pk"), CharField()))
    return references.filter(Exists(pages.filter(pk=OuterRef("page"))))


def _references_to(model: type[Model]) -> QuerySet:
    """Returns the references from pages to objects of ``model``, annotated with ``page``, the page's primary key.

    The ``CASE`` is needed because PostgreSQL may cast rows before filtering them, and other models' keys aren't all numbers.
    """
    page = ContentType.objects.get_for_model(Page)
    key = Case(When(base_content_type=page, then=Cast("object_id", BigIntegerField())))
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model), base_content_type=page
    )
    return references.annotate(page=key)


def _page_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Receiver: updates the reference index at once, which Wagtail does in a task, so that the page's media are public now; not
    those of a page whose publication is only scheduled, for which Wagtail sends the signal too."""
    if not isinstance(instance, RevisedWhenChanged):  # those have done it
        ReferenceIndex.create_or_update_for_object(instance)
    if instance.live and issubclass(sender, tuple(_released)):
        publish_media(instance)


def publish_media(instance: Page) -> None:
    """Moves the images and documents of a published page from the partners' private collection to the root collection."""
    models = (get_image_model(), get_document_model())
    holds = reduce(or_, (Q(Exists(model.objects.filter(collection=OuterRef("pk")))) for model in models))
    private = Collection.objects.filter(holds, name=PARTNERS_COLLECTION, depth=2).first()
    if not private:
        return
    references = ReferenceIndex.get_references_for_object(instance)
    for model in models:
        pks = [reference.to_object_id for reference in references if reference.to_content_type.model_class() is model]
        for item in model.objects.filter(collection=private, pk__in=pks):
            item.collection = Collection.get_first_root_node()
            item.save(update_fields=["collection"])
