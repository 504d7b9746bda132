from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diffusion", "0005_webhooks_droits")]

    operations = [
        migrations.CreateModel(
            name="Chargement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("jour", models.DateField(verbose_name="day")),
                (
                    "hote",
                    models.CharField(
                        blank=True,
                        help_text="Its host name; blank: not told; *: sites past the day's limit.",
                        max_length=253,
                        verbose_name="site",
                    ),
                ),
                ("nature", models.SlugField(db_index=False, max_length=20, verbose_name="embed")),
                ("question", models.CharField(blank=True, max_length=300, verbose_name="question")),
                ("nombre", models.PositiveIntegerField(default=0, verbose_name="loads")),
            ],
            options={
                "verbose_name": "loads of an embed",
                "verbose_name_plural": "loads of the embeds",
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["hote", "jour"], name="diffusion_loads_by_site")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("jour", "hote", "nature", "question"),
                        name="diffusion_one_count_an_embed_site_and_day",
                    )
                ],
            },
        ),
    ]
