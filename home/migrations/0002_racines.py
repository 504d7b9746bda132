from django.db import migrations

ALL_PAGES, ALL_FILES = "Toutes les pages", "Sans collection"


def name_roots(apps, schema_editor):
    """Gives the roots of the pages and of the collections a French name: the staff read it above their lists and in forms."""
    pages = apps.get_model("wagtailcore", "Page").objects.filter(depth=1, title="Root")
    pages.update(title=ALL_PAGES, draft_title=ALL_PAGES)
    apps.get_model("wagtailcore", "Collection").objects.filter(depth=1, name="Root").update(name=ALL_FILES)


def detach_workflow(apps, schema_editor):
    """Takes Wagtail's « Moderators approval », whose group has nobody, off the root: a page that enters it would be locked."""
    apps.get_model("wagtailcore", "WorkflowPage").objects.filter(workflow__name="Moderators approval").delete()


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("wagtailcore", "0098_apitoken")]
    operations = [
        migrations.RunPython(name_roots, migrations.RunPython.noop),
        migrations.RunPython(detach_workflow, migrations.RunPython.noop),
    ]
