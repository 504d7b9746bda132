"""The version of what the outside may see is that of all that is public: ``fiches.Version``."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("diffusion", "0008_contenus_a_refaire"),
    ]

    operations = [
        migrations.DeleteModel(name="Version"),
    ]
