"""What the outside knew of each page goes into the register of what is public, with when each fiche appeared."""

from django.db import migrations


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    appeared = dict(apps.get_model("diffusion", "Parution").objects.using(database).values_list("fiche", "le"))
    publication = apps.get_model("fiches", "Publication")
    rows = (
        publication(
            kind=trace.nature,
            object_id=trace.page,
            slug=trace.slug,
            published_at=appeared.get(trace.page, trace.modifie_le),
            changed_at=trace.modifie_le,
            expires_at=trace.expire_le,
            withdrawn_at=trace.modifie_le if trace.retiree else None,
            sequence=0,
        )
        for trace in apps.get_model("diffusion", "Trace").objects.using(database).iterator()
    )
    publication.objects.using(database).bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("diffusion", "0009_version_de_ce_qui_est_public"),
        ("fiches", "0016_publications"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.DeleteModel(name="Trace"),
        migrations.DeleteModel(name="Parution"),
    ]
