"""An import whose undoing failed on the way may be undone again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fiches", "0012_liens"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importation",
            name="etat",
            field=models.CharField(
                choices=[
                    ("a_verifier", "being checked"),
                    ("verifie", "checked"),
                    ("en_cours", "being made"),
                    ("fait", "made"),
                    ("echoue", "failed, nothing was kept"),
                    ("annulation", "being undone"),
                    ("annule", "undone"),
                    ("en_partie", "undone in part"),
                ],
                default="a_verifier",
                max_length=12,
                verbose_name="state",
            ),
        ),
    ]
