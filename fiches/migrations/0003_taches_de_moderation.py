import django.db.models.deletion
from django.db import migrations, models


def task(name, verbose_name, verbose_name_plural):
    groups_help = 'Pages/snippets at this step in a workflow will be moderated or approved by these groups of users'
    return migrations.CreateModel(
        name=name,
        fields=[
            ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
            ('groups', models.ManyToManyField(help_text=groups_help, to='auth.group', verbose_name='groups')),
        ],
        options={
            'verbose_name': verbose_name,
            'verbose_name_plural': verbose_name_plural,
        },
        bases=('wagtailcore.task',),
    )


class Migration(migrations.Migration):
    """The two steps of the review."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('wagtailcore', '0098_apitoken'),
        ('fiches', '0002_communes'),
    ]

    operations = [
        task('RelectureTask', 'reading', 'readings'),
        task('ApprobationTask', 'approval', 'approvals'),
    ]
