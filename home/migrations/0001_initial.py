import django.core.validators
import django.db.models.deletion
import fiches.models.fields
import fiches.models.revisions
import fiches.models.routes
import fiches.models.fields
import modelcluster.fields
import modelsearch.index
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessibilitePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
                ('schema_pluriannuel', models.URLField(blank=True, help_text="The address where the publisher's plan is read. The statement leads there.", verbose_name='multi-year plan for accessibility')),
                ('plan_d_action', models.URLField(blank=True, help_text="The address where this year's actions are read.", verbose_name='action plan of the year')),
                ('etablie_le', models.DateField(blank=True, null=True, verbose_name='established on')),
                ('organisme_d_audit', models.CharField(blank=True, max_length=200, verbose_name='audited by')),
                ('environnement', models.TextField(blank=True, help_text='Browsers and assistive technologies, one a line.', verbose_name='test environment')),
                ('echantillon', models.TextField(blank=True, help_text='One a line.', verbose_name='pages checked')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail to report a difficulty')),
                ('contact_adresse', models.TextField(blank=True, verbose_name='postal address to report a difficulty')),
            ],
            options={
                'verbose_name': 'accessibility statement',
            },
            bases=(fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
        ),
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
            bases=(fiches.models.routes.AddressablePage, fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ConfidentialitePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'privacy page',
            },
            bases=(fiches.models.routes.AddressablePage, fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
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
                ('langue', models.CharField(blank=True, help_text="Its code, where it isn't French: en, de, es… Screen readers then say the title right.", max_length=12, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', 'A language is a code such as en, de or pt-BR.')], verbose_name='language of the work')),
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
            name='Illustration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('credit', models.CharField(blank=True, help_text='Who made the picture.', max_length=200, verbose_name='credit')),
                ('licence', models.CharField(blank=True, choices=[('CC0 1.0', 'CC0 1.0'), ('CC BY 4.0', 'CC BY 4.0'), ('CC BY-SA 4.0', 'CC BY-SA 4.0'), ('Licence Ouverte 2.0', 'Licence Ouverte 2.0')], help_text='Under which its author agrees that others use it. Left blank, the site offers no copy of it.', max_length=20, verbose_name='licence')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'picture',
                'verbose_name_plural': 'pictures',
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
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
            bases=(fiches.models.revisions.RevisedWhenChanged, 'wagtailcore.page'),
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
                ('sous_titre', models.CharField(blank=True, help_text='Left blank: “Social innovation” and the name of the territory, in each language.', max_length=120, verbose_name='subtitle')),
                ('presentation', models.TextField(blank=True, help_text='A sentence or two on what the site is. Left blank, there is one already, in each language.', max_length=400, verbose_name='introduction at the foot of each page')),
                ('editeur', models.CharField(blank=True, max_length=200, verbose_name='publisher')),
                ('adresse', models.TextField(blank=True, verbose_name='postal address')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telephone', fiches.models.fields.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('delegue', models.EmailField(blank=True, max_length=254, verbose_name='data protection officer')),
                ('partage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.illustration', verbose_name='picture for social networks')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'publisher of the site',
            },
        ),
        migrations.CreateModel(
            name='IllustrationRendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='home.illustration')),
            ],
            options={
                'indexes': [models.Index(fields=['file'], name='rendition_by_file')],
                'unique_together': {('image', 'filter_spec', 'focal_point_key')},
            },
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
    ]
