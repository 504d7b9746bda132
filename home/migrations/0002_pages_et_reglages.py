import django.core.validators
import django.db.models.deletion
import fiches.models.fields
import fiches.models.telephone
import modelcluster.fields
import modelsearch.index
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0001_illustration'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BibliographiePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'bibliography page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ContentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='GrillePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'grid page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PartenairesPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'partners page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('book', 'book'), ('chapter', 'chapter'), ('article-journal', 'article'), ('report', 'report'), ('thesis', 'thesis'), ('webpage', 'web page')], default='book', max_length=20, verbose_name='type')),
                ('titre', models.CharField(max_length=300, verbose_name='title')),
                ('auteurs', models.CharField(blank=True, help_text='“Name, First name”, separated by semicolons.', max_length=300, verbose_name='authors')),
                ('annee', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1800), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('editeur', models.CharField(blank=True, max_length=200, verbose_name='publisher')),
                ('revue', models.CharField(blank=True, max_length=200, verbose_name='journal or book')),
                ('doi', models.CharField(blank=True, max_length=120, validators=[django.core.validators.RegexValidator('^10\\.\\d{4,9}/\\S+$', 'A DOI reads “10.…/…”.')], verbose_name='DOI')),
                ('adresse', models.URLField(blank=True, max_length=400, verbose_name='web address')),
                ('note', models.TextField(blank=True, help_text='What a reader finds in it.', verbose_name='note')),
            ],
            options={
                'verbose_name': 'reference',
                'verbose_name_plural': 'bibliography',
                'ordering': ['auteurs', 'annee', 'titre'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
                ('action_libelle', models.CharField(blank=True, max_length=60, verbose_name='label of the main action')),
                ('photo_alt', models.CharField(blank=True, max_length=250, verbose_name='alternative text of the picture')),
                ('photo_decorative', models.BooleanField(default=False, verbose_name='the picture is decorative')),
                ('action_page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page of the main action')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.illustration', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Navigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'navigation',
            },
        ),
        migrations.CreateModel(
            name='LienDePied',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('adresse', models.CharField(blank=True, help_text='Of this site (“/recherche/”) or elsewhere.', max_length=250, verbose_name='address')),
                ('libelle', models.CharField(blank=True, help_text="Otherwise the page's title.", max_length=60, verbose_name='label')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
                ('navigation', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='liens_de_pied', to='home.navigation')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LienDeMenu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('adresse', models.CharField(blank=True, help_text='Of this site (“/recherche/”) or elsewhere.', max_length=250, verbose_name='address')),
                ('libelle', models.CharField(blank=True, help_text="Otherwise the page's title.", max_length=60, verbose_name='label')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
                ('navigation', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='liens_de_menu', to='home.navigation')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Organisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(default='Rally’nov', max_length=80, verbose_name='name of the site')),
                ('sous_titre', models.CharField(blank=True, default='Innovation sociale en Franche-Comté', max_length=120, verbose_name='subtitle')),
                ('editeur', models.CharField(blank=True, max_length=200, verbose_name='publisher')),
                ('adresse', models.TextField(blank=True, verbose_name='postal address')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telephone', fiches.models.telephone.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('delegue', models.EmailField(blank=True, max_length=254, verbose_name='data protection officer')),
                ('partage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.illustration', verbose_name='picture for social networks')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'publisher of the site',
            },
        ),
    ]
