"""One version of what the public may see, instead of the search's, the outside's and the list of what changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fiches", "0014_droit_sur_les_donnees_personnelles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.PositiveBigIntegerField(help_text="Grows with each change, in the order of the commits."),
                ),
                ("changed_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(help_text="When it next changes by itself.")),
            ],
            options={
                "verbose_name": "version of what the public may see",
                "default_permissions": (),
            },
        ),
        migrations.DeleteModel(name="VersionDeRecherche"),
        migrations.RunSQL("DROP TABLE IF EXISTS reponses_changement", migrations.RunSQL.noop),
    ]
