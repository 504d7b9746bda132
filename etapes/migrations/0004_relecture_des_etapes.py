from django.db import migrations


def attach(apps, schema_editor):
    from fiches.moderation.roles import WORKFLOW

    workflow = apps.get_model('wagtailcore.Workflow').objects.filter(name=WORKFLOW, active=True).first()
    for index in apps.get_model('etapes.EtapeIndexPage').objects.all() if workflow else ():
        apps.get_model('wagtailcore.WorkflowPage').objects.get_or_create(page_id=index.pk, defaults={'workflow': workflow})


def detach(apps, schema_editor):
    indexes = apps.get_model('etapes.EtapeIndexPage').objects.values('pk')
    apps.get_model('wagtailcore.WorkflowPage').objects.filter(page__in=indexes).delete()


class Migration(migrations.Migration):
    """What organisers write in their étapes goes through the same review as the fiches."""

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        ('etapes', '0003_langue_des_inscriptions'),
        ('fiches', '0005_roles_et_workflow'),
    ]

    operations = [migrations.RunPython(attach, detach)]
