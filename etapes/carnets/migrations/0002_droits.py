from django.db import migrations

from etapes.carnets.roles import GRANTS
from fiches.moderation.roles import grant


def give(apps, schema_editor):
    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """Communication sends the road books and sees who gets them; its rights go with its group."""

    dependencies = [
        ("rallynov_carnets", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
