from django.db import migrations


def remove(apps, schema_editor):
    """The groups stay, with their members and rights, and the workflow with the reviews in progress: its steps become Wagtail's own
    approvals by groups."""
    plain, _created = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    tasks = apps.get_model("wagtailcore.GroupApprovalTask").objects
    tasks.filter(content_type__app_label="rallynov_fiches").update(content_type=plain)


class Migration(migrations.Migration):
    """Nothing, except on the way back: `fiches.moderation.roles` makes the groups and the workflow once all is migrated."""

    dependencies = [("rallynov_fiches", "0001_initial"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(migrations.RunPython.noop, remove)]
