"""Restricts the admin's own API to the images and documents that its user may choose or change."""

from typing import Any

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry


class PermittedApiItemsMixin:
    """Filters the endpoint's queryset by the user's permissions."""

    def get_queryset(self) -> Any:
        policy = policy_registry.get_by_type(self.model)
        permitted = policy.instances_user_has_any_permission_for(self.request.user, {"choose", "change"})
        return super().get_queryset().filter(pk__in=permitted.values("pk"))


class PermittedImages(PermittedApiItemsMixin, ImagesAdminAPIViewSet):
    pass


class PermittedDocuments(PermittedApiItemsMixin, DocumentsAdminAPIViewSet):
    pass


def register(router: Any) -> None:
    """Replaces Wagtail's endpoints of the admin API."""
    router.register_endpoint("images", PermittedImages)
    router.register_endpoint("documents", PermittedDocuments)
