from django.db import migrations


def create(apps, schema_editor):
    from fiches.moderation.roles import grant
    from home.roles import GRANTS

    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """The site's own rights of the groups; they go with the groups."""

    dependencies = [
        ("fiches", "0005_roles_et_workflow"),
        ("home", "0002_pages_et_reglages"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
