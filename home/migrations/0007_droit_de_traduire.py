from django.db import migrations


def give(apps, schema_editor):
    from fiches.moderation.roles import grant
    from home.roles import GRANTS

    grant(GRANTS, apps)


class Migration(migrations.Migration):
    """Communication may make a page's translation; the right goes with the group."""

    dependencies = [
        ("home", "0006_confidentialite_et_ecoconception"),
        ("simple_translation", "0001_initial"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
