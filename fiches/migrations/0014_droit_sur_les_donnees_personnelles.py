"""A permission of its own to find, export and erase a person's data."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fiches", "0013_import_annule_en_partie")]

    operations = [
        migrations.AlterModelOptions(
            name="fichesupprimee",
            options={
                "default_permissions": (),
                "ordering": ["-supprimee_le", "-pk"],
                "permissions": [("gerer_donnees_personnelles", "Find, export and erase a person’s data")],
                "verbose_name": "deleted fiche",
                "verbose_name_plural": "deleted fiches",
            },
        ),
    ]
