import django.db.models.deletion
import django.utils.timezone
import fiches.models.fields
import fiches.models.revisions
import fiches.models.routes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('rallynov_fiches', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, fiches.models.routes.AddressablePage, 'wagtailcore.page'),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, fiches.models.routes.AddressablePage, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Diffusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('objet', models.CharField(max_length=150, verbose_name='subject')),
                ('html', models.TextField()),
                ('texte', models.TextField()),
                ('autres_langues', models.JSONField(default=dict, editable=False)),
                ('lance_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='launched')),
                ('destinataires', models.PositiveIntegerField(default=0)),
                ('carnet', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='diffusion', to='rallynov_carnets.carnetpage')),
                ('lance_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sending of a road book',
                'verbose_name_plural': 'sendings of road books',
            },
        ),
    ]
