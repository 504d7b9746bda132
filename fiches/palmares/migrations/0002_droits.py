from django.db import migrations

from fiches.moderation.roles import grant
from fiches.palmares.roles import GRANTS


def give(apps, schema_editor):
    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """Grants the groups their permissions on the palmarès. Reversing keeps them: they go with the groups."""

    dependencies = [
        ("rallynov_palmares", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
