from django.db import migrations, models


class Migration(migrations.Migration):
    """A subscriber gets the road books in the language in which they asked for them."""

    dependencies = [("carnets", "0003_droits")]
    operations = [
        migrations.AddField("abonne", "langue", models.CharField(blank=True, editable=False, max_length=12)),
        migrations.AddField("diffusion", "autres_langues", models.JSONField(default=dict, editable=False)),
    ]
