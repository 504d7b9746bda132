"""The register of what is public takes the place of what the outside knew of each page, and of when each fiche appeared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fiches", "0015_version_de_ce_qui_est_public"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="type")),
                ("object_id", models.PositiveBigIntegerField()),
                ("slug", models.CharField(max_length=255, verbose_name="address name")),
                ("published_at", models.DateTimeField(db_index=True, verbose_name="first public")),
                ("changed_at", models.DateTimeField(db_index=True, verbose_name="changed")),
                ("expires_at", models.DateTimeField(db_index=True, null=True, verbose_name="expires")),
                ("withdrawn_at", models.DateTimeField(db_index=True, null=True, verbose_name="withdrawn")),
                (
                    "sequence",
                    models.PositiveBigIntegerField(
                        db_index=True,
                        help_text="The number of the version at which it last changed: in the order of the commits.",
                    ),
                ),
                (
                    "contents",
                    models.TextField(null=True, help_text="JSON for the outside; null: to be built when next asked for."),
                ),
                (
                    "release",
                    models.CharField(blank=True, help_text="Digest of the code that built the contents.", max_length=16),
                ),
            ],
            options={
                "verbose_name": "public page",
                "verbose_name_plural": "public pages",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="fiches_publication_once"),
                ],
            },
        ),
    ]
