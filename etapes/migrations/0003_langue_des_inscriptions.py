from django.db import migrations, models


class Migration(migrations.Migration):
    """A registration knows the language in which its person reads of the étape."""

    dependencies = [("etapes", "0002_inscriptions")]
    operations = [
        migrations.AddField("inscription", "langue", models.CharField(blank=True, editable=False, max_length=12)),
    ]
