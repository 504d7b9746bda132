"""What is already online is not new: no alert will tell of it."""

from django.db import migrations
from django.utils import timezone


def note(apps, schema_editor):
    database = schema_editor.connection.alias
    fiches = apps.get_model("fiches", "FichePage").objects.using(database).filter(live=True)
    parution = apps.get_model("diffusion", "Parution")
    known = fiches.values_list("pk", "first_published_at")
    rows = (parution(fiche=pk, le=published or timezone.now()) for pk, published in known.iterator())
    parution.objects.using(database).bulk_create(rows, batch_size=2000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("diffusion", "0002_alertes"),
        ("fiches", "0004_recherche"),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop, elidable=True)]
