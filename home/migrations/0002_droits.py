from django.db import migrations

from fiches.moderation.roles import detach_empty_workflows, grant
from home.roles import GRANTS


def give(apps, schema_editor):
    grant(GRANTS, apps)
    detach_empty_workflows(apps)


class Migration(migrations.Migration):
    """The site's own rights of the groups; they go with the groups. Wagtail's « Moderators approval », whose group has nobody, is
    taken off the root. Put on again by hand, if ever."""

    dependencies = [
        ("home", "0001_initial"),
        ("rallynov_fiches", "0002_roles_et_workflow"),
        ("simple_translation", "0001_initial"),
        ("wagtailredirects", "0001_initial"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
