from django.db import migrations

from fiches.diffusion.roles import PORTEE
from fiches.moderation.roles import MODERATION, REDACTION, grant


def give(apps, schema_editor):
    grant({name: {"permissions": PORTEE} for name in (REDACTION, MODERATION)}, apps)


class Migration(migrations.Migration):
    dependencies = [
        ("diffusion", "0006_chargements"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
