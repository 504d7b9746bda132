from django.db import migrations

from fiches.diffusion.roles import WEBHOOKS
from fiches.moderation.roles import REDACTION, grant


def give(apps, schema_editor):
    grant({REDACTION: {"permissions": WEBHOOKS}}, apps)


class Migration(migrations.Migration):
    dependencies = [
        ("diffusion", "0004_webhooks"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
