"""The gazetteer of the four départements."""

from django.db import migrations

from fiches.territoire.gazetteer import load_communes


def load(apps, schema_editor):
    load_communes(apps.get_model("rallynov_fiches", "Commune"))


class Migration(migrations.Migration):
    dependencies = [("rallynov_fiches", "0002_workflow")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
