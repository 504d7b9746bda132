"""Declares the columns of Wagtail, Django and other packages; those of packages that aren't installed are ignored."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import CharField, TextField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string

from fiches.upkeep.personal_data.registry import (
    by_hand,
    derived,
    mentions,
    not_personal,
    owned,
    rows,
)
from fiches.upkeep.retention import forget_account

USER = get_user_model()


owned(
    _("accounts"),
    lambda courriel: USER._default_manager.filter(email__iexact=courriel),
    export=lambda user: {"identifiant": user.get_username(), "nom": user.get_full_name(), "cree": user.date_joined},
    erase=forget_account,
    names=lambda user: [user.get_full_name()],
    address=lambda user: reverse("wagtailusers_users:edit", args=[user.pk]),
)

# Texts that people write in the admin.
mentions("wagtailcore.Comment", "text")
not_personal("wagtailcore.Comment", "contentpath", "position")
mentions("wagtailcore.CommentReply", "text")
mentions("wagtailcore.TaskState", "comment")
mentions("wagtailcore.Revision", "object_str", "content")
not_personal("wagtailcore.Revision", "object_id")
mentions("wagtailcore.PageLogEntry", "label", "data")
not_personal("wagtailcore.PageLogEntry", "action")
mentions("wagtailcore.ModelLogEntry", "label", "data")
not_personal("wagtailcore.ModelLogEntry", "action", "object_id")
mentions("wagtailcore.Page", "title", "draft_title", "seo_title", "search_description")
by_hand("wagtailcore.Page", "slug")
not_personal("wagtailcore.Page", "path")
derived("wagtailcore.Page", "url_path")
rows("wagtailadmin.FormState", "data")
not_personal("wagtailadmin.FormState", "object_id", "parent_object_id")
rows("wagtail_headless_preview.PagePreview", "content_json")
not_personal("wagtail_headless_preview.PagePreview", "token")

# Images and documents: their texts are erased; staff must look at their files.
mentions(get_document_model_string(), "title")
by_hand(get_document_model_string(), "file")
not_personal(get_document_model_string(), "file_hash")
mentions(get_image_model_string(), "title", "description")
by_hand(get_image_model_string(), "file")
not_personal(get_image_model_string(), "file_hash")
if get_image_model_string() != "wagtailimages.Image":
    not_personal("wagtailimages.Image", "title", "file", "description", "file_hash")  # the site's own model is used
not_personal("wagtailimages.Rendition", "filter_spec", "file", "focal_point_key")
rows("wagtailembeds.Embed", "url", "html", "title", "author_name", "thumbnail_url")
not_personal("wagtailembeds.Embed", "hash", "provider_name")

not_personal(USER, "password")
mentions(USER, "username", "first_name", "last_name", "email")
rows("account.EmailAddress", "email")
not_personal("account.EmailConfirmation", "key")
not_personal("mfa.Authenticator", "data")
not_personal("wagtailusers.UserProfile", "preferred_language", "current_time_zone", "avatar", "dismissibles")
mentions("wagtailcore.APIToken", "name")
not_personal("wagtailcore.APIToken", "key_hash", "prefix")
not_personal("sessions.Session", "session_key", "session_data")  # encoded: see erasure
mentions("auth.Group", "name")
not_personal("auth.Permission", "name", "codename")

# Settings of the site, and technical records.
mentions("wagtailcore.Collection", "name")
not_personal("wagtailcore.Collection", "path")
not_personal("wagtailcore.CollectionViewRestriction", "password")
not_personal("wagtailcore.PageViewRestriction", "password")
not_personal("wagtailcore.Locale", "language_code")
not_personal("wagtailcore.ReferenceIndex", "object_id", "to_object_id", "model_path", "content_path")
mentions("wagtailcore.Site", "site_name")
not_personal("wagtailcore.Site", "hostname")
mentions("wagtailcore.Task", "name")
mentions("wagtailcore.Workflow", "name")
not_personal("wagtailcore.WorkflowState", "object_id")
by_hand("wagtailcore.UploadedFile", "file")
not_personal("wagtailadmin.EditingSession", "object_id")
rows("wagtailredirects.Redirect", "old_path", "redirect_page_route_path", "redirect_link")
not_personal("contenttypes.ContentType", "app_label", "model")
rows("taggit.Tag", "name")
not_personal("taggit.Tag", "slug")
rows("django_tasks_database.DBTaskResult", "args_kwargs", "return_value", "traceback")
not_personal("django_tasks_database.DBTaskResult", "task_path", "worker_ids", "queue_name", "backend_name")
not_personal("django_tasks_database.DBTaskResult", "exception_class_path")
# Wagtail's search index: its tables and their columns differ with the database.
for table in apps.get_app_config("wagtailsearch").get_models():
    texts = [field.name for field in table._meta.local_concrete_fields if isinstance(field, CharField | TextField)]
    derived(table, *texts)
