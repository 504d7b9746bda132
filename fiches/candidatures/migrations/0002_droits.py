from django.db import migrations

from fiches.candidatures.roles import GRANTS
from fiches.moderation.roles import grant


def give(apps, schema_editor):
    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """Grants the editors' and moderators' groups permissions on dossiers. Reversing keeps them: they go with the groups."""

    dependencies = [
        ("rallynov_candidatures", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
