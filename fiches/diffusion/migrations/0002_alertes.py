import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("diffusion", "0001_traces"),
    ]

    operations = [
        migrations.CreateModel(
            name="Parution",
            fields=[
                ("fiche", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("le", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "appearance of a fiche",
            },
        ),
        migrations.CreateModel(
            name="Suivi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cle", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("courriel", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("question", models.TextField(blank=True, help_text="The query language, in its canonical order.", verbose_name="question")),
                ("marque", models.CharField(help_text="The question's digest: the same question is asked once.", max_length=32)),
                ("rythme", models.CharField(choices=[("publication", "as soon as one is published"), ("semaine", "once a week, when there are new ones")], default="semaine", max_length=12, verbose_name="how often")),
                ("demande_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for")),
                ("confirme_le", models.DateTimeField(null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "followed search",
                "verbose_name_plural": "followed searches",
                "indexes": [models.Index(fields=["rythme", "marque"], name="diffusion_suivi_groups")],
                "constraints": [models.UniqueConstraint(fields=("courriel", "marque"), name="diffusion_suivi_once")],
            },
        ),
        migrations.CreateModel(
            name="Annonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fiche", models.PositiveBigIntegerField(db_index=True)),
                ("suivi", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="annonces", to="diffusion.suivi")),
            ],
            options={
                "verbose_name": "fiche told of",
                "constraints": [models.UniqueConstraint(fields=("suivi", "fiche"), name="diffusion_annonce_once")],
            },
        ),
    ]
