import datetime
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import fiches.models.fields
import fiches.models.moderation
import fiches.models.routes
import fiches.models.querysets
import fiches.models.routes
import fiches.models.fields
import fiches.territoire.territory
import modelcluster.contrib.taggit
import modelcluster.fields
import modelsearch.index
import uuid
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string

from fiches.publications.words import TABLE, WordsTable


def create_words(apps, schema_editor):
    WordsTable(TABLE).create(schema_editor)


def drop_words(apps, schema_editor):
    WordsTable(TABLE).drop(schema_editor)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(get_image_model_string()),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleGroup',
            fields=[
                ('key', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
            ],
            options={
                'verbose_name': 'role group',
                'permissions': [('gerer_donnees_personnelles', 'Find, export and erase a person’s data')],
            },
        ),
        migrations.CreateModel(
            name='FichePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('adresse', models.CharField(blank=True, help_text='Number and street.', max_length=255, verbose_name='address')),
                ('code_postal', models.CharField(blank=True, max_length=5, verbose_name='postcode')),
                ('departement', models.CharField(blank=True, choices=fiches.territoire.territory.departement_choices, db_index=True, editable=False, max_length=3, verbose_name='département')),
                ('point', models.CharField(blank=True, help_text='Without a point, the centre of the commune is shown, and said to be so.', max_length=255, verbose_name='place on the map')),
                ('sans_localisation', models.BooleanField(default=False, help_text='Shows no position on any map.', verbose_name='no location')),
                ('latitude', models.FloatField(db_index=True, editable=False, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(db_index=True, editable=False, null=True, verbose_name='longitude')),
                ('precision', models.CharField(choices=[('exacte', 'placed on the map'), ('commune', 'centre of the commune'), ('aucune', 'no location')], default='aucune', editable=False, max_length=8, verbose_name='precision of the position')),
                ('organisation', models.CharField(max_length=200, verbose_name='organisation')),
                ('chapo', models.TextField(blank=True, help_text='Two sentences that sum up the innovation.', max_length=600, verbose_name='introduction')),
                ('corps', fiches.models.fields.BodyField([], blank=True, verbose_name='text')),
                ('photo_alt', models.CharField(blank=True, max_length=250, verbose_name='alternative text of the photo')),
                ('photo_decorative', models.BooleanField(default=False, verbose_name='the photo is decorative')),
                ('logo_alt', models.CharField(blank=True, max_length=250, verbose_name='alternative text of the logo')),
                ('logo_decorative', models.BooleanField(default=False, verbose_name='the logo is decorative')),
                ('activite', models.CharField(blank=True, max_length=200, verbose_name='activity')),
                ('naf', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{2}\\.[0-9]{2}[A-Z]$', 'A NAF code reads “10.85Z”.')], verbose_name='NAF code (rev. 2)')),
                ('naf_2025', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{2}\\.[0-9]{2}[A-Z]$', 'A NAF 2025 code reads “10.85Y”.')], verbose_name='NAF code (2025)')),
                ('statut', models.CharField(blank=True, choices=[('association', 'association'), ('sarl', 'SARL'), ('eurl', 'EURL'), ('sas', 'SAS'), ('sasu', 'SASU'), ('sa', 'SA'), ('scop', 'SCOP'), ('scic', 'SCIC'), ('cooperative', 'cooperative'), ('mutuelle', 'mutual society'), ('fondation', 'foundation'), ('ei', 'sole trader'), ('groupement', 'group of employers or interest grouping'), ('public', 'public body'), ('autre', 'other')], db_index=True, max_length=20, verbose_name='legal form')),
                ('effectif', models.PositiveIntegerField(blank=True, help_text='Number of people.', null=True, verbose_name='staff size')),
                ('sphere', models.CharField(blank=True, choices=[('ess', 'social and solidarity economy'), ('classique', 'classic economy')], db_index=True, max_length=10, verbose_name='sphere')),
                ('siret', fiches.models.fields.SiretField(blank=True, help_text='14 digits; its key is checked.', max_length=20, verbose_name='SIRET')),
                ('site', models.URLField(blank=True, verbose_name='web site')),
                ('contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_nom_public', models.BooleanField(default=False, verbose_name='the name may be shown')),
                ('contact_fonction', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('contact_fonction_public', models.BooleanField(default=False, verbose_name='the job title may be shown')),
                ('contact_telephone', fiches.models.fields.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('contact_telephone_public', models.BooleanField(default=False, verbose_name='the phone may be shown')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_courriel_public', models.BooleanField(default=False, verbose_name='the e-mail may be shown')),
                ('partenaire_contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact at the partner')),
                ('partenaire_contact_fonction', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('partenaire_contact_telephone', fiches.models.fields.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('partenaire_contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('partenaire_contact_public', models.BooleanField(default=False, verbose_name="the partner's contact may be shown")),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='logo')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='photo')),
            ],
            options={
                'verbose_name': 'fiche',
                'verbose_name_plural': 'fiches',
            },
            bases=(fiches.models.routes.PreviewedPage, fiches.models.moderation.ReviewedPage, fiches.models.routes.AddressablePage, 'wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code_insee', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='INSEE code')),
                ('nom', models.CharField(max_length=100, verbose_name='name')),
                ('nom_normalise', models.CharField(db_index=True, editable=False, max_length=100)),
                ('departement', models.CharField(choices=fiches.territoire.territory.departement_choices, db_index=True, max_length=3, verbose_name='département')),
                ('codes_postaux', models.JSONField(default=list, verbose_name='postcodes')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('source', models.CharField(blank=True, max_length=40, verbose_name='source of the position')),
            ],
            options={
                'verbose_name': 'commune',
                'verbose_name_plural': 'communes',
                'ordering': ['nom_normalise', 'code_insee'],
            },
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(help_text='As it reads before its criteria.', max_length=80, unique=True, verbose_name='name')),
                ('slug', models.SlugField(help_text='Names this dimension in addresses and exports.', max_length=80, unique=True, verbose_name='address name')),
                ('ordre', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('definition', models.TextField(blank=True, verbose_name='definition')),
            ],
            options={
                'verbose_name': 'dimension of the grid',
                'verbose_name_plural': 'grid',
                'ordering': ['ordre', 'pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Echeance',
            fields=[
                ('nom', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('prochaine', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('annee', models.PositiveSmallIntegerField(unique=True, verbose_name='year')),
                ('nom', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('cloture', models.CharField(blank=True, help_text='In words, as announced: “autumn 2013”.', max_length=120, verbose_name='closing event')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ['-annee'],
            },
        ),
        migrations.CreateModel(
            name='FicheCritere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='FicheIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of the fiches',
            },
            bases=(fiches.models.moderation.ReviewedIndex, fiches.models.routes.AddressablePage, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ModeleDeCourriel',
            fields=[
                ('cle', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='mail')),
                ('objet', models.CharField(blank=True, max_length=150, verbose_name='subject')),
                ('texte', models.TextField(blank=True, help_text='The words in braces are filled in for each mail. Empty, it is the default text.', verbose_name='text')),
            ],
            options={
                'verbose_name': 'mail text',
                'verbose_name_plural': 'mail texts',
                'ordering': ['cle'],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Mot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mot', models.CharField(max_length=40, unique=True)),
                ('racine', models.CharField(db_index=True, max_length=40)),
                ('frequence', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'known word',
            },
        ),
        migrations.CreateModel(
            name='MotCle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'keyword',
                'verbose_name_plural': 'keywords',
            },
        ),
        migrations.CreateModel(
            name='TexteDeDocument',
            fields=[
                ('document', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('empreinte', models.CharField(max_length=200)),
                ('texte', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'text of a document',
                'verbose_name_plural': 'texts of the documents',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Synonyme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('termes', models.CharField(help_text='Separated by commas: “ESS, économie sociale et solidaire, tiers secteur”.', max_length=600, verbose_name='words with the same meaning')),
            ],
            options={
                'verbose_name': 'group of synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ['termes'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(help_text='Grows with each change, in the order of the commits.')),
                ('changed_at', models.DateTimeField()),
                ('valid_until', models.DateTimeField(help_text='When it next changes by itself.')),
            ],
            options={
                'verbose_name': 'version of what the public may see',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ApprobationTask',
            fields=[
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=(fiches.models.moderation.EtapeDeModeration, 'wagtailcore.groupapprovaltask'),
        ),
        migrations.AddField(
            model_name='fichepage',
            name='commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rallynov_fiches.commune', verbose_name='commune'),
        ),
        migrations.CreateModel(
            name='Critere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('definition', models.TextField(blank=True, verbose_name='definition')),
                ('dimension', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteres', to='rallynov_fiches.dimension', verbose_name='dimension')),
            ],
            options={
                'verbose_name': 'criterion',
                'verbose_name_plural': 'criteria',
                'ordering': ['dimension__ordre', 'dimension', 'sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='fichepage',
            name='edition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fiches', to='rallynov_fiches.edition', verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='fichepage',
            name='criteres',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='rallynov_fiches.FicheCritere', to='rallynov_fiches.Critere', verbose_name='criteria of the grid'),
        ),
        migrations.AddField(
            model_name='fichecritere',
            name='content_object',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_criteres', to='rallynov_fiches.fichepage'),
        ),
        migrations.AddField(
            model_name='fichecritere',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_criteres', to='rallynov_fiches.critere'),
        ),
        migrations.CreateModel(
            name='FicheMotCle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_mots_cles', to='rallynov_fiches.fichepage')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_mots_cles', to='rallynov_fiches.motcle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Importation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cree', models.DateTimeField(default=django.utils.timezone.now, verbose_name='brought on')),
                ('fait_le', models.DateTimeField(null=True)),
                ('nom', models.CharField(max_length=200, verbose_name='file')),
                ('etat', models.CharField(choices=[('verifie', 'checked'), ('en_cours', 'being made'), ('fait', 'made'), ('annulation', 'being undone')], default='verifie', max_length=12, verbose_name='state')),
                ('lignes', models.JSONField(default=dict)),
                ('problemes', models.JSONField(default=list)),
                ('doublons', models.JSONField(default=list)),
                ('total', models.PositiveIntegerField(default=0, verbose_name='fiches')),
                ('auteur', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='importation',
            name='fiches',
            field=models.ManyToManyField(related_name='importations', to='rallynov_fiches.fichepage'),
        ),
        migrations.AddField(
            model_name='fichepage',
            name='mots_cles',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='rallynov_fiches.FicheMotCle', to='rallynov_fiches.MotCle', verbose_name='keywords'),
        ),
        migrations.CreateModel(
            name='Partenaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('sigle', models.CharField(blank=True, max_length=40, verbose_name='acronym')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address name')),
                ('roles', fiches.models.fields.ChoiceListField(blank=True, default=list, of=[], verbose_name='roles')),
                ('presentation', models.TextField(blank=True, verbose_name='presentation')),
                ('site', models.URLField(blank=True, verbose_name='web site')),
                ('contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_fonction', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('contact_telephone', fiches.models.fields.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_public', models.BooleanField(default=False, help_text='Tick once the person agreed.', verbose_name='the contact may be shown')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='logo')),
                ('membres', models.ManyToManyField(blank=True, related_name='partenaires', to=settings.AUTH_USER_MODEL, verbose_name='accounts')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ['nom'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.AddField(
            model_name='fichepage',
            name='partenaire',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fiches', to='rallynov_fiches.partenaire', verbose_name='associated partner'),
        ),
        migrations.CreateModel(
            name='FicheFinanceur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('mention', models.CharField(blank=True, help_text='The exact wording the funder asks for; otherwise “With the financial support of …”.', max_length=250, verbose_name='credit')),
                ('fiche', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='financements', to='rallynov_fiches.fichepage')),
                ('partenaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='financements', to='rallynov_fiches.partenaire', verbose_name='funder')),
            ],
            options={
                'verbose_name': 'funder',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='type')),
                ('object_id', models.PositiveBigIntegerField()),
                ('language', models.CharField(blank=True, max_length=100, verbose_name='language')),
                ('uid', models.UUIDField(db_index=True, help_text='The same for a page and its translations.', null=True)),
                ('slug', models.CharField(max_length=255, verbose_name='address name')),
                ('url_path', models.TextField(blank=True, help_text='The path of the page in the tree.')),
                ('published_at', models.DateTimeField(db_index=True, verbose_name='first public')),
                ('changed_at', models.DateTimeField(db_index=True, verbose_name='changed')),
                ('expires_at', models.DateTimeField(db_index=True, null=True, verbose_name='expires')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ('sequence', models.PositiveBigIntegerField(db_index=True, help_text='The number of the version at which it last changed: in the order of the commits.')),
                ('release', models.CharField(blank=True, help_text='Digest of the code that made the contents.', max_length=16)),
                ('title', models.CharField(blank=True, max_length=255, verbose_name='title')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('folded_title', models.CharField(blank=True, help_text='Its words as they are searched.', max_length=600)),
                ('folded_organisation', models.CharField(blank=True, max_length=600)),
                ('date', models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='When it first appeared; of an étape, when it begins.')),
                ('commune', models.CharField(blank=True, max_length=5)),
                ('departement', models.CharField(blank=True, max_length=3)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('by_centre', models.BooleanField(default=False, help_text='Whether the place is the centre of its commune.')),
                ('sphere', models.CharField(blank=True, max_length=10)),
                ('statut', models.CharField(blank=True, max_length=20)),
                ('tranche', models.CharField(blank=True, max_length=10)),
                ('edition', models.CharField(blank=True, max_length=5)),
                ('partenaire', models.CharField(blank=True, help_text='Key of the associated partner.', max_length=20)),
                ('criteres', models.TextField(help_text='Keys of its criteria, such as « 3 17 », in its own order.', null=True)),
                ('mots_cles', models.TextField(help_text='The same of its keywords.', null=True)),
                # The long columns come last: SQLite reads a row from its beginning.
                ('text', models.TextField(blank=True, help_text='What a search quotes.')),
                ('words', models.TextField(blank=True, help_text='Its folded words, each once, in order: those that Mot counts.')),
                ('contents', models.TextField(help_text='JSON for the outside; null: to be built when next asked for.', null=True)),
            ],
            options={
                'verbose_name': 'public page',
                'verbose_name_plural': 'public pages',
                'default_permissions': (),
                'indexes': [models.Index(fields=['kind', '-date', '-object_id'], name='fiches_publication_latest'), models.Index(fields=['kind', 'language', 'latitude', 'longitude'], name='fiches_publication_place'), models.Index(condition=models.Q(('withdrawn_at__isnull', False)), fields=['withdrawn_at'], name='fiches_publication_withdrawn'), models.Index(fields=['kind', 'departement', 'sphere', 'statut', 'tranche', 'edition', 'partenaire', 'commune', 'language', 'withdrawn_at', 'expires_at', 'changed_at', 'latitude', 'longitude', 'date', 'object_id'], name='fiches_publication_facets')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='fiches_publication_once')],
            },
        ),
        migrations.CreateModel(
            name='PublicationValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(max_length=20)),
                ('value', models.CharField(help_text='Key of the record.', max_length=20)),
                ('publication', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='values', to='rallynov_fiches.publication')),
            ],
            options={
                'verbose_name': 'value of a public page',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RechercheVaine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jour', models.DateField(verbose_name='day')),
                ('mots', models.CharField(max_length=80, verbose_name='words')),
                ('nombre', models.PositiveIntegerField(default=1, verbose_name='times')),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
                'ordering': ['-jour', '-nombre', 'mots'],
                'constraints': [models.UniqueConstraint(fields=('jour', 'mots'), name='fiches_vaine_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='RelectureTask',
            fields=[
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=(fiches.models.moderation.EtapeDeModeration, 'wagtailcore.groupapprovaltask'),
        ),
        migrations.CreateModel(
            name='Courriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(max_length=120, unique=True)),
                ('modele', models.CharField(max_length=40)),
                ('sujet_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('destinataires', models.JSONField(default=list)),
                ('contexte', models.JSONField(default=dict)),
                ('etat', models.CharField(choices=[('a_envoyer', 'to send'), ('en_cours', 'being sent'), ('envoye', 'sent'), ('arrete', 'stopped'), ('refuse', 'refused by the mail server'), ('perime', 'no longer needed')], default='a_envoyer', max_length=10)),
                ('tentatives', models.PositiveSmallIntegerField(default=0)),
                ('prochain_essai', models.DateTimeField(default=django.utils.timezone.now)),
                ('message_id', models.CharField(max_length=120)),
                ('erreur', models.CharField(blank=True, max_length=80)),
                ('cree', models.DateTimeField(default=django.utils.timezone.now)),
                ('envoye', models.DateTimeField(blank=True, null=True)),
                ('sujet_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['etat', 'prochain_essai'], name='fiches_outbox'), models.Index(fields=['sujet_type', 'sujet_id'], name='fiches_outbox_subject')],
            },
        ),
        migrations.CreateModel(
            name='Abonnement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('nature', models.CharField(max_length=20)),
                ('courriel', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('question', models.TextField(blank=True, help_text='The query string that is followed, if any.', verbose_name='question')),
                ('marque', models.CharField(blank=True, help_text="The question's digest: an address follows it once.", max_length=32)),
                ('mention', models.TextField(verbose_name='what was agreed to')),
                ('langue', models.CharField(blank=True, editable=False, max_length=12)),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('confirme_le', models.DateTimeField(db_index=True, null=True, verbose_name='confirmed')),
                ('annonce_le', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'ordering': ['-demande_le', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('courriel', 'nature', 'marque'), name='fiches_abonnement_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='fichecritere',
            constraint=models.UniqueConstraint(fields=('tag', 'content_object'), name='fiches_critere_once'),
        ),
        migrations.AddIndex(
            model_name='publicationvalue',
            index=models.Index(fields=['facet', 'value', 'publication'], name='fiches_value_of'),
        ),
        migrations.AddConstraint(
            model_name='publicationvalue',
            constraint=models.UniqueConstraint(fields=('publication', 'facet', 'value'), name='fiches_value_once'),
        ),
        migrations.RunPython(create_words, drop_words),
    ]
