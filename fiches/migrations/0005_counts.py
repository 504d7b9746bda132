import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rallynov_fiches', '0004_thesaurus'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicationCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url_path', models.TextField(help_text='The path, in the tree, of the page above the fiches.')),
                ('language', models.CharField(blank=True, max_length=100)),
                ('facet', models.CharField(blank=True, max_length=20)),
                ('value', models.CharField(blank=True, max_length=20)),
                ('number', models.IntegerField()),
            ],
            options={
                'verbose_name': 'number of public fiches',
                'default_permissions': (),
            },
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='fiches_publication_place',
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='fiches_publication_facets',
        ),
        migrations.AddField(
            model_name='version',
            name='shared_at',
            field=models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='When something last changed but fiches and étapes, or a date passed.'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['kind', 'latitude', 'longitude'], name='fiches_publication_place'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['kind', 'departement', 'sphere', 'statut', 'tranche', 'edition', 'partenaire', 'commune', 'language', 'withdrawn_at', 'expires_at', 'changed_at', 'latitude', 'longitude', 'date', 'object_id', 'criteres', 'mots_cles'], name='fiches_publication_facets'),
        ),
        migrations.AddConstraint(
            model_name='publicationcount',
            constraint=models.UniqueConstraint(fields=('facet', 'value', 'url_path', 'language'), name='fiches_count_once'),
        ),
    ]
