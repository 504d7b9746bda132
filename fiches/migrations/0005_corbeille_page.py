"""The bin is a page: what it held as copies goes, as nothing could say which row of the pages each one was."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fiches", "0004_thesaurus"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Corbeille",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
            ],
            options={"verbose_name": "bin"},
            bases=("wagtailcore.page",),
        ),
        migrations.DeleteModel(name="FicheSupprimee"),
        migrations.CreateModel(
            name="FicheSupprimee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=255)),
                ("parent", models.PositiveBigIntegerField()),
                ("attaches", models.JSONField(default=dict)),
                (
                    "supprimee_le",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="deleted on"),
                ),
                (
                    "fiche",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suppression",
                        to="fiches.fichepage",
                    ),
                ),
                (
                    "supprimee_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "deleted fiche",
                "verbose_name_plural": "deleted fiches",
                "ordering": ["-supprimee_le", "-pk"],
                "permissions": [("gerer_donnees_personnelles", "Find, export and erase a person’s data")],
                "default_permissions": (),
            },
        ),
    ]
