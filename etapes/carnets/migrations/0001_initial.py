import django.db.models.deletion
import fiches.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarnetIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of the road books',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CarnetPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('numero', models.PositiveSmallIntegerField(verbose_name='number')),
                ('date', models.DateField(help_text='Only its month is shown.', verbose_name='date')),
                ('chapo', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
            ],
            options={
                'verbose_name': 'road book',
                'verbose_name_plural': 'road books',
            },
            bases=('wagtailcore.page',),
        ),
    ]
