"""Hides the titles and tags of images and documents that a user may neither choose nor change, where Wagtail's admin doesn't check.

`fiches.wagtail_overrides` applies the functions for which Wagtail has no hook.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.admin.views import tags
from wagtail.documents import get_document_model
from wagtail.documents.views import bulk_actions as of_documents
from wagtail.images import get_image_model
from wagtail.images.views import bulk_actions as of_images
from wagtail.permissions import policy_registry

from fiches.media.access import MAY_SEE


class PermittedActionMixin:
    """For bulk actions: doesn't name refused items that the user may neither choose nor change."""

    def get_actionable_objects(self) -> tuple[list[Model], dict[str, list[Any]]]:
        objects, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        permitted = set(
            _permitted(self.request.user, self.model)
            .filter(pk__in=[each.pk for each in refused])
            .values_list("pk", flat=True)
        )
        return objects, {**others, "items_with_no_access": [each for each in refused if each.pk in permitted]}


BULK_ACTIONS = [
    type(name, (PermittedActionMixin, getattr(actions, name)), {})
    for actions in (of_images, of_documents)
    for name in actions.__all__
]


def _permitted(user: AbstractUser, model: type) -> QuerySet:
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, MAY_SEE)


def permitted_tags(user: Any) -> QuerySet:
    """Returns the tags of the images and documents that the user may choose or change, and of all other models."""
    if user.is_active and user.is_superuser:
        return Tag.objects.all()
    kinds = {model: ContentType.objects.get_for_model(model) for model in (get_image_model(), get_document_model())}
    condition = ~Q(content_type__in=kinds.values())
    for model, kind in kinds.items():
        condition |= Q(content_type=kind, object_id__in=_permitted(user, model).order_by().values("pk"))
    return Tag.objects.filter(pk__in=TaggedItem.objects.filter(condition).values("tag"))


def suggest_permitted_tags(suggest: Callable) -> Callable:
    """Wraps Wagtail's autocomplete view of tags: suggests :func:`permitted_tags` only. Other tag models are unchanged."""

    def autocomplete(request: HttpRequest, app_name: str | None = None, model_name: str | None = None) -> Any:
        if (app_name, model_name) not in {(None, None), ("taggit", "tag")}:
            return suggest(request, app_name, model_name)
        term = request.GET.get("term")
        matches = (
            permitted_tags(request.user).filter(name__istartswith=term).order_by("name") if term else Tag.objects.none()
        )
        return JsonResponse(list(matches.values_list("name", flat=True)[: tags.TAGS_AUTOCOMPLETE_LIMIT]), safe=False)

    return autocomplete


def filter_by_permitted_tags(prepare: Callable) -> Callable:
    """Wraps ``__init__`` of the filter set of images or documents: its tag filter offers :func:`permitted_tags` only."""

    def prepare_with_permitted(self: Any, *args: Any, request: Any = None, **kwargs: Any) -> None:
        prepare(self, *args, request=request, **kwargs)
        if by_tag := self.filters.get("tag"):
            names = [name for name, _label in by_tag.extra["choices"]]
            permitted = set(permitted_tags(request.user).filter(name__in=names).values_list("name", flat=True))
            by_tag.extra["choices"] = [(name, name) for name in names if name in permitted]
            if not permitted:
                del self.filters["tag"]

    return prepare_with_permitted


def offer_permitted_tags(context: Callable) -> Callable:
    """Wraps ``get_context_data`` of the image chooser: its popular tags are :func:`permitted_tags` only."""

    def get_context_data(self: Any, **kwargs: Any) -> dict[str, Any]:
        data = context(self, **kwargs)
        popular = list(data["popular_tags"])
        permitted = set(
            permitted_tags(self.request.user).filter(pk__in=[tag.pk for tag in popular]).values_list("pk", flat=True)
        )
        return {**data, "popular_tags": [tag for tag in popular if tag.pk in permitted]}

    return get_context_data
