from django.db import migrations


def give(apps, schema_editor):
    from fiches.moderation.roles import GRANTS, grant

    grant(GRANTS, apps)


class Migration(migrations.Migration):
    dependencies = [("fiches", "0006_courriels_et_echeances")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
