"""`manage.py desinstaller`: deletes the pages of the package, the first step of its uninstallation (docs/plugin.en.md)."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from fiches.models.revisions import RevisedWhenChanged


class Command(BaseCommand):
    help = "Deletes every page of the package for good. Without --oui, says only how many they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--oui", action="store_true", help="delete them")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        models = [
            model for model in apps.get_models() if issubclass(model, Page) and issubclass(model, RevisedWhenChanged)
        ]
        ours = [model for model in models if model.__module__.partition(".")[0] in ("etapes", "fiches")]
        pages = Page.objects.type(*ours).order_by("path")
        number = pages.count()
        text = ngettext("%(number)d page of the package.", "%(number)d pages of the package.", number)
        self.stdout.write(text % {"number": number})
        if not options["oui"]:
            self.stdout.write(_("Nothing is deleted: add --oui."))
            return
        for pk in list(pages.values_list("pk", flat=True)):
            if page := Page.objects.filter(pk=pk).first():  # not deleted with the page above it
                page.specific.delete()
        if apps.is_installed("wagtail_headless_preview"):
            previews = apps.get_model("wagtail_headless_preview.PagePreview").objects
            previews.filter(content_type__in=ContentType.objects.get_for_models(*ours).values()).delete()
