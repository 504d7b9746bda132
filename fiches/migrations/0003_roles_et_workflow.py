from django.db import migrations


def create(apps, schema_editor):
    from fiches.moderation.roles import GRANTS, create_workflow, grant

    grant(GRANTS, apps)
    create_workflow(apps)


def remove(apps, schema_editor):
    """The groups go, with their rights; the accounts stay."""
    from fiches.media.access import PARTNERS_COLLECTION
    from fiches.moderation.roles import GROUPS, WORKFLOW

    apps.get_model("wagtailcore.Workflow").objects.filter(name=WORKFLOW).delete()
    for model in ("RelectureTask", "ApprobationTask"):
        Task = apps.get_model("fiches", model)
        tasks = list(Task.objects.values_list("pk", flat=True))
        Task.objects.all().delete()
        apps.get_model("wagtailcore.Task").objects.filter(pk__in=tasks).delete()
    apps.get_model("auth.Group").objects.filter(name__in=GROUPS).delete()
    used = apps.get_model("wagtailcore.Collection").objects.filter(name=PARTNERS_COLLECTION, depth=2)
    apps.get_model("wagtailcore.CollectionViewRestriction").objects.filter(collection__in=used).delete()


class Migration(migrations.Migration):
    """The three groups with their rights, and the workflow of two steps."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("wagtailimages", "0023_add_choose_permissions"),
        ("fiches", "0002_communes"),
    ]

    operations = [migrations.RunPython(create, remove)]
