from django.db import migrations


def detach(apps, schema_editor):
    from fiches.moderation.roles import detach_empty_workflows

    detach_empty_workflows(apps)


class Migration(migrations.Migration):
    """Wagtail's « Moderators approval », whose group has nobody, is taken off the root. Put on again by hand, if ever."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        ("fiches", "0005_roles_et_workflow"),
        ("home", "0010_schema_pluriannuel"),
    ]

    operations = [migrations.RunPython(detach, migrations.RunPython.noop)]
