import django.core.validators
import django.db.models.deletion
import fiches.models.fields
import fiches.models.routes
import fiches.models.telephone
import modelcluster.contrib.taggit
import modelcluster.fields
import modelsearch.index
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(get_image_model_string()),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code_insee', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='INSEE code')),
                ('nom', models.CharField(max_length=100, verbose_name='name')),
                ('nom_normalise', models.CharField(db_index=True, editable=False, max_length=100)),
                ('departement', models.CharField(choices=[('25', 'Doubs'), ('39', 'Jura'), ('70', 'Haute-Saône'), ('90', 'Territoire de Belfort')], db_index=True, max_length=2, verbose_name='département')),
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
            name='FicheIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of the fiches',
            },
            bases=(fiches.models.routes.AddressablePage, 'wagtailcore.page'),
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
            name='Critere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('definition', models.TextField(blank=True, verbose_name='definition')),
                ('dimension', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteres', to='fiches.dimension', verbose_name='dimension')),
            ],
            options={
                'verbose_name': 'criterion',
                'verbose_name_plural': 'criteria',
                'ordering': ['dimension__ordre', 'dimension', 'sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FicheCritere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_criteres', to='fiches.critere')),
            ],
        ),
        migrations.CreateModel(
            name='FichePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('adresse', models.CharField(blank=True, help_text='Number and street.', max_length=255, verbose_name='address')),
                ('code_postal', models.CharField(blank=True, max_length=5, verbose_name='postcode')),
                ('departement', models.CharField(blank=True, choices=[('25', 'Doubs'), ('39', 'Jura'), ('70', 'Haute-Saône'), ('90', 'Territoire de Belfort')], db_index=True, editable=False, max_length=2, verbose_name='département')),
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
                ('siret', models.CharField(blank=True, help_text='14 digits; its key is checked.', max_length=20, verbose_name='SIRET')),
                ('site', models.URLField(blank=True, verbose_name='web site')),
                ('contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_nom_public', models.BooleanField(default=False, verbose_name='the name may be shown')),
                ('contact_fonction', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('contact_fonction_public', models.BooleanField(default=False, verbose_name='the job title may be shown')),
                ('contact_telephone', fiches.models.telephone.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('contact_telephone_public', models.BooleanField(default=False, verbose_name='the phone may be shown')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_courriel_public', models.BooleanField(default=False, verbose_name='the e-mail may be shown')),
                ('partenaire_contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact at the partner')),
                ('partenaire_contact_fonction', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                ('partenaire_contact_telephone', fiches.models.telephone.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('partenaire_contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('partenaire_contact_public', models.BooleanField(default=False, verbose_name="the partner's contact may be shown")),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.commune', verbose_name='commune')),
                ('criteres', modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='fiches.FicheCritere', to='fiches.Critere', verbose_name='criteria of the grid')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fiches', to='fiches.edition', verbose_name='edition')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='logo')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='photo')),
            ],
            options={
                'verbose_name': 'fiche',
                'verbose_name_plural': 'fiches',
            },
            bases=(fiches.models.routes.AddressablePage, 'wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='FicheMotCle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_mots_cles', to='fiches.fichepage')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_mots_cles', to='fiches.motcle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='fichecritere',
            name='content_object',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fiche_criteres', to='fiches.fichepage'),
        ),
        migrations.AddField(
            model_name='fichepage',
            name='mots_cles',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='fiches.FicheMotCle', to='fiches.MotCle', verbose_name='keywords'),
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
                ('contact_telephone', fiches.models.telephone.PhoneField(blank=True, max_length=40, verbose_name='phone')),
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
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fiches', to='fiches.partenaire', verbose_name='associated partner'),
        ),
        migrations.CreateModel(
            name='FicheFinanceur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('mention', models.CharField(blank=True, help_text='The exact wording the funder asks for; otherwise “With the financial support of …”.', max_length=250, verbose_name='credit')),
                ('fiche', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='financements', to='fiches.fichepage')),
                ('partenaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='financements', to='fiches.partenaire', verbose_name='funder')),
            ],
            options={
                'verbose_name': 'funder',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='fichecritere',
            constraint=models.UniqueConstraint(fields=('tag', 'content_object'), name='fiches_critere_once'),
        ),
    ]
