"""`manage.py roles`: gives the groups « Rédaction », « Modération », « Partenaires » and the workflow back what they lack. Workflows
that nobody can pass are detached from their pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fiches.moderation.roles import GROUPS, WORKFLOW, detach_empty_workflows, restore, role_group


class Command(BaseCommand):
    help = "Restores the groups, permissions and workflow that the apps declare; user accounts don't change."

    def handle(self, *args: Any, **options: Any) -> None:
        restore()
        detach_empty_workflows()
        self.stdout.write(
            _("Restored: %(names)s.") % {"names": ", ".join([*(role_group(each).name for each in GROUPS), WORKFLOW])}
        )
