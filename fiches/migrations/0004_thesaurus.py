"""The thesaurus of the field, as groups of synonyms that staff may change."""

from django.db import migrations

from fiches.query.search_terms import load_thesaurus


def load(apps, schema_editor):
    load_thesaurus(apps.get_model("rallynov_fiches", "Synonyme"))


class Migration(migrations.Migration):
    dependencies = [("rallynov_fiches", "0003_communes")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
