"""The admin's own API lists the pictures and documents that its user may choose or change, not all there are."""

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry


class SeenByUser:
    def get_queryset(self):
        policy = policy_registry.get_by_type(self.model)
        seen = policy.instances_user_has_any_permission_for(self.request.user, {"choose", "change"})
        return super().get_queryset().filter(pk__in=seen.values("pk"))


class SeenImages(SeenByUser, ImagesAdminAPIViewSet):
    """Pictures."""


class SeenDocuments(SeenByUser, DocumentsAdminAPIViewSet):
    """Documents."""


def register(router):
    router.register_endpoint("images", SeenImages)
    router.register_endpoint("documents", SeenDocuments)
