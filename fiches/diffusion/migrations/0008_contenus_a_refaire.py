"""Contents now tell their language: what was kept of each page is made anew when next asked for."""

from django.db import migrations


def forget_contents(apps, schema_editor):
    apps.get_model("diffusion", "Trace").objects.using(schema_editor.connection.alias).filter(
        donnees__isnull=False
    ).update(donnees=None)


class Migration(migrations.Migration):
    dependencies = [("diffusion", "0007_chargements_droits")]
    operations = [migrations.RunPython(forget_contents, forget_contents)]
