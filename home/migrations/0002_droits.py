from django.db import migrations

from fiches.moderation.roles import detach_empty_workflows, grant
from home.roles import GRANTS

ALL_PAGES, ALL_FILES = "Toutes les pages", "Sans collection"


def give(apps, schema_editor):
    grant(GRANTS, apps)
    detach_empty_workflows(apps)


def name_roots(apps, schema_editor):
    """Gives the roots of the pages and of the collections a French name: the staff read it above their lists and in forms."""
    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title="Root")
    pages.update(title=ALL_PAGES, draft_title=ALL_PAGES)
    apps.get_model("wagtailcore", "Collection").objects.filter(depth=1, name="Root").update(name=ALL_FILES)


class Migration(migrations.Migration):
    """The site's own rights of the groups; they go with the groups. Wagtail's « Moderators approval », whose group has nobody, is
    taken off the root. Put on again by hand, if ever. The roots have French names."""

    dependencies = [
        ("home", "0001_initial"),
        ("rallynov_fiches", "0002_roles_et_workflow"),
        ("simple_translation", "0001_initial"),
        ("wagtailredirects", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunPython(name_roots, migrations.RunPython.noop),
    ]
