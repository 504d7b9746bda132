from django.db import migrations


def create(apps, schema_editor):
    from fiches.moderation.roles import GRANTS, create_workflow, grant

    grant(GRANTS, apps)
    create_workflow(apps)


def remove(apps, schema_editor):
    """The groups stay, with their members and rights, and the workflow with the reviews in progress: its steps become Wagtail's own
    approvals by groups."""
    plain, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    tasks = apps.get_model("wagtailcore.GroupApprovalTask").objects
    tasks.filter(content_type__app_label="rallynov_fiches").update(content_type=plain)


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
