import django.core.validators
import django.db.models.deletion
import fiches.models.querysets
import fiches.models.revisions
import fiches.models.routes
import modelcluster.fields
import uuid
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
            name='Categorie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(editable=False, max_length=120)),
                ('description', models.TextField(blank=True, max_length=600, verbose_name='description')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['sort_order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CritereDeNotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('nom', models.CharField(max_length=80, verbose_name='name')),
                ('definition', models.TextField(help_text='What jurors look at.', max_length=500, verbose_name='definition')),
                ('poids', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='weight')),
            ],
            options={
                'verbose_name': 'criterion',
                'verbose_name_plural': 'criteria',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PalmaresPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'palmarès page',
            },
            bases=(fiches.models.revisions.RevisedWhenChanged, fiches.models.routes.AddressablePage, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motifs', models.TextField(max_length=4000, verbose_name='reasons')),
                ('par_nom', models.CharField(max_length=150, verbose_name='by')),
                ('le', models.DateTimeField(verbose_name='decided')),
                ('en_vigueur', models.BooleanField(default=True, verbose_name='in force')),
                ('categorie', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='rallynov_palmares.categorie')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'decision',
                'ordering': ['-le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Jure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='name')),
                ('fonction', models.CharField(blank=True, max_length=160, verbose_name='role')),
                ('accord_le', models.DateTimeField(editable=False, null=True, verbose_name='agreed to be named')),
                ('compte', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jurys', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'juror',
                'verbose_name_plural': 'jurors',
                'ordering': ['nom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('categorie', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='nominations', to='rallynov_palmares.categorie')),
                ('fiche', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nominations', to='rallynov_fiches.fichepage', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'nomination',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notes', models.JSONField(default=dict, verbose_name='scores')),
                ('commentaire', models.TextField(blank=True, max_length=4000, verbose_name='comment')),
                ('jure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='rallynov_palmares.jure')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='rallynov_palmares.nomination')),
            ],
            options={
                'verbose_name': 'evaluation',
            },
        ),
        migrations.CreateModel(
            name='Palmares',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('introduction', models.TextField(blank=True, max_length=1200, verbose_name='introduction')),
                ('note_maximale', models.PositiveSmallIntegerField(default=5, help_text='Each criterion is scored from 0 to this.', validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(10)], verbose_name='highest score')),
                ('echelle', models.TextField(blank=True, help_text='What 0 means, what the highest means.', max_length=600, verbose_name='meaning of the scale')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('etat', models.CharField(choices=[('preparation', 'in preparation'), ('notation', 'scoring open'), ('close', 'scoring closed')], db_index=True, default='preparation', editable=False, max_length=12, verbose_name='state')),
                ('clos_le', models.DateTimeField(editable=False, null=True, verbose_name='scoring closed')),
                ('embargo', models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='results on')),
                ('diffuse_le', models.DateTimeField(editable=False, null=True)),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='palmares', to='rallynov_fiches.edition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'palmarès',
                'verbose_name_plural': 'palmarès',
                'ordering': ['-edition__annee'],
                'permissions': [('decide_palmares', 'Can close the scoring, read the ranking, decide and announce')],
            },
        ),
        migrations.AddField(
            model_name='jure',
            name='palmares',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jures', to='rallynov_palmares.palmares'),
        ),
        migrations.AddField(
            model_name='criteredenotation',
            name='palmares',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteres', to='rallynov_palmares.palmares'),
        ),
        migrations.AddField(
            model_name='categorie',
            name='palmares',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='rallynov_palmares.palmares', verbose_name='palmarès'),
        ),
        migrations.CreateModel(
            name='Prix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveSmallIntegerField(choices=[(1, 'First prize'), (2, 'Second prize'), (3, 'Third prize'), (9, 'Special mention')], verbose_name='prize')),
                ('citation', models.TextField(help_text='Read out, printed and published.', max_length=600, verbose_name='citation')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prix', to='rallynov_palmares.decision')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prix', to='rallynov_palmares.nomination')),
            ],
            options={
                'verbose_name': 'prize',
                'verbose_name_plural': 'prizes',
            },
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('en_vigueur', True)), fields=('categorie',), name='palmares_one_decision_in_force'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(fields=('categorie', 'fiche'), name='palmares_nominated_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.UniqueConstraint(fields=('jure', 'nomination'), name='palmares_evaluated_once'),
        ),
        migrations.AddConstraint(
            model_name='jure',
            constraint=models.UniqueConstraint(fields=('palmares', 'compte'), name='palmares_juror_once'),
        ),
        migrations.AddConstraint(
            model_name='categorie',
            constraint=models.UniqueConstraint(fields=('palmares', 'slug'), name='palmares_categorie_once'),
        ),
        migrations.AddConstraint(
            model_name='prix',
            constraint=models.UniqueConstraint(fields=('decision', 'nomination'), name='palmares_prize_once'),
        ),
    ]
