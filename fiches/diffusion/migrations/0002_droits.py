from django.db import migrations

from fiches.diffusion.roles import GRANTS
from fiches.moderation.roles import grant


def give(apps, schema_editor):
    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """Communication manages the webhooks; with the moderators, it reads what is loaded elsewhere."""

    dependencies = [
        ("rallynov_diffusion", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
