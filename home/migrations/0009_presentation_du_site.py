from django.db import migrations, models


class Migration(migrations.Migration):
    """What the foot of each page says of the site is the staff's."""

    dependencies = [("home", "0008_langue_des_references")]
    operations = [
        migrations.AddField(
            "organisme",
            "presentation",
            models.TextField(
                blank=True,
                help_text="A sentence or two on what the site is. Left blank, there is one already, in each language.",
                max_length=400,
                verbose_name="introduction at the foot of each page",
            ),
        ),
    ]
