"""Partners' pictures and documents: each sees their own, and the public those of published fiches."""

from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, ReferenceIndex
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.signals import page_published

from fiches.roles import PARTNERS_COLLECTION


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
    from fiches.models import FichePage

    page_published.connect(publish_media, sender=FichePage, dispatch_uid="rallynov_publish_media")


def publish_media(sender, instance, **kwargs):
    """Receiver: what a published fiche shows leaves the partners' private collection."""
    private = Collection.objects.filter(name=PARTNERS_COLLECTION, depth=2).first()
    models = (get_image_model(), get_document_model())
    if not private or not any(model.objects.filter(collection=private).exists() for model in models):
        return
    ReferenceIndex.create_or_update_for_object(instance)
    references = ReferenceIndex.get_references_for_object(instance)
    for model in models:
        shown = [reference.to_object_id for reference in references if reference.to_content_type.model_class() is model]
        for item in model.objects.filter(collection=private, pk__in=shown):
            item.collection = Collection.get_first_root_node()
            item.save(update_fields=["collection"])
