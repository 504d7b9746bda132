from django.db import migrations, models


class Migration(migrations.Migration):
    """A dossier knows its company's language; a line of history, the message that it says."""

    dependencies = [("candidatures", "0005_empreinte_des_signalements")]
    operations = [
        migrations.AddField("dossier", "langue", models.CharField(blank=True, editable=False, max_length=12)),
        migrations.AddField("evenement", "message", models.CharField(blank=True, editable=False, max_length=200)),
        migrations.AddField("evenement", "valeurs", models.JSONField(default=dict, editable=False)),
    ]
