from django.db import migrations


def create(apps, schema_editor):
    from fiches.moderation.roles import GRANTS, create_workflow, grant

    grant(GRANTS, apps)
    create_workflow(apps)


def remove(apps, schema_editor):
    """The workflow goes with its steps. The groups stay, with their members; one without members loses its permissions, so that
    it is taken again if the migration is applied again."""
    from fiches.moderation.roles import WORKFLOW

    apps.get_model("wagtailcore.Workflow").objects.filter(name=WORKFLOW).delete()
    tasks = apps.get_model("wagtailcore.GroupApprovalTask").objects
    tasks.filter(content_type__app_label="rallynov_fiches").delete()
    groups = apps.get_model("rallynov_fiches.RoleGroup").objects.values_list("group", flat=True)
    for group in apps.get_model("auth.Group").objects.filter(pk__in=list(groups), user=None):
        group.permissions.clear()


class Migration(migrations.Migration):
    """The three groups with their rights, and the workflow of two steps."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("wagtailimages", "0023_add_choose_permissions"),
        ("rallynov_fiches", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, remove)]
