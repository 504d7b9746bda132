import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import fiches.models.fields
import fiches.models.querysets
import fiches.models.revisions
import fiches.models.routes
import fiches.models.fields
import fiches.territoire.territory
import modelcluster.fields
import uuid
from django.conf import settings
from django.db import migrations, models
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('rallynov_fiches', '0001_initial'),
        migrations.swappable_dependency(get_image_model_string()),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(get_document_model_string()),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EtapeIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of the étapes',
            },
            bases=(fiches.models.revisions.RevisedWhenChanged, fiches.models.routes.AddressablePage, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='EtapePage',
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
                ('numero', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number on the road')),
                ('chapo', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('date', models.DateField(blank=True, db_index=True, null=True, verbose_name='date')),
                ('debut', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('fin', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('moment', models.CharField(blank=True, choices=[('matin', 'morning'), ('apres-midi', 'afternoon'), ('soiree', 'evening'), ('journee', 'all day')], help_text='Where the hours are not known: nothing is invented.', max_length=12, verbose_name='moment of the day')),
                ('lieu', models.CharField(blank=True, help_text='Name of the hall or building.', max_length=200, verbose_name='place')),
                ('acces', models.TextField(blank=True, help_text='How to get there, parking, bus.', verbose_name='practical information')),
                ('accessibilite', models.TextField(blank=True, verbose_name='accessibility of the place')),
                ('statut', models.CharField(choices=[('prevue', 'planned'), ('complete', 'full'), ('reportee', 'postponed'), ('annulee', 'cancelled')], default='prevue', max_length=10, verbose_name='state')),
                ('ancienne_date', models.DateField(blank=True, help_text='Where a postponed étape has its new date: the one that it takes the place of.', null=True, verbose_name='first announced for')),
                ('inscriptions', models.CharField(choices=[('aucune', 'without registration'), ('ouvertes', 'open'), ('fermees', 'closed')], default='aucune', max_length=10, verbose_name='registrations')),
                ('inscriptions_jusqu_au', models.DateTimeField(blank=True, help_text='Without a date: when the étape begins.', null=True, verbose_name='registration closes')),
                ('capacite', models.PositiveIntegerField(blank=True, help_text='Beyond it, people wait for a place, and get the first that is given back. Empty: no limit.', null=True, verbose_name='number of places')),
                ('conservation', models.PositiveSmallIntegerField(default=30, help_text='After the étape; then names and addresses are deleted. Attendance stays.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='days for which registrations are kept')),
                ('programme', fiches.models.fields.BodyField([], blank=True, verbose_name='programme')),
                ('photo_alt', models.CharField(blank=True, max_length=250, verbose_name='alternative text of the picture')),
                ('photo_decorative', models.BooleanField(default=False, verbose_name='the picture is decorative')),
                ('compte_rendu', fiches.models.fields.BodyField([], blank=True, verbose_name='report of the étape')),
                ('compte_rendu_ecarte', models.BooleanField(default=False, help_text='The étape is late no more for want of one.', verbose_name='no report will be written')),
                ('participants', models.PositiveIntegerField(blank=True, null=True, verbose_name='attendance')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('commence_le', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('termine_le', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rallynov_fiches.commune', verbose_name='commune')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='etapes', to='rallynov_fiches.edition', verbose_name='edition')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='picture')),
            ],
            options={
                'verbose_name': 'étape',
                'verbose_name_plural': 'étapes',
            },
            bases=(fiches.models.revisions.RevisedWhenChanged, fiches.models.routes.AddressablePage, 'wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='EtapeOrganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_telephone', fiches.models.fields.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_public', models.BooleanField(default=False, help_text='Tick once the person agreed.', verbose_name='the contact may be shown')),
                ('partenaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='rallynov_fiches.partenaire', verbose_name='organiser')),
                ('etape', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisations', to='rallynov_etapes.etapepage')),
            ],
            options={
                'verbose_name': 'organiser',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DocumentDEtape',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('titre', models.CharField(blank=True, help_text="Without one: the document's own.", max_length=150, verbose_name='title')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=get_document_model_string(), verbose_name='document')),
                ('etape', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='rallynov_etapes.etapepage')),
            ],
            options={
                'verbose_name': 'document',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Annonce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('public', models.CharField(choices=[('confirmees', 'those who have a place'), ('attente', 'those on the waiting list'), ('tous', 'both')], default='confirmees', max_length=10, verbose_name='to')),
                ('objet', models.CharField(max_length=150, verbose_name='subject')),
                ('texte', models.TextField(max_length=5000, verbose_name='text')),
                ('creee_le', models.DateTimeField(default=django.utils.timezone.now)),
                ('destinataires', models.PositiveIntegerField(default=0)),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('etape', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='annonces', to='rallynov_etapes.etapepage')),
            ],
            options={
                'verbose_name': 'announcement',
                'verbose_name_plural': 'announcements',
                'ordering': ['-creee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Inscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('nom', models.CharField(max_length=120, verbose_name='name')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('besoins', models.TextField(blank=True, max_length=1000, verbose_name='accessibility needs')),
                ('etat', models.CharField(choices=[('confirmee', 'has a place'), ('attente', 'on the waiting list'), ('annulee', 'cancelled')], max_length=10, verbose_name='state')),
                ('demandee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked on')),
                ('confirmee_le', models.DateTimeField(blank=True, null=True)),
                ('annulee_le', models.DateTimeField(blank=True, null=True)),
                ('arrivee_le', models.DateTimeField(blank=True, null=True, verbose_name='came at')),
                ('rendez_vous', models.CharField(blank=True, max_length=64)),
                ('langue', models.CharField(blank=True, editable=False, max_length=12)),
                ('accord', models.TextField(blank=True, verbose_name='consent')),
                ('accord_le', models.DateTimeField(blank=True, null=True)),
                ('ajoutee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('etape', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inscrits', to='rallynov_etapes.etapepage')),
            ],
            options={
                'verbose_name': 'registration',
                'verbose_name_plural': 'registrations',
                'ordering': ['demandee_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PresentationDeFiche',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('heure', models.TimeField(blank=True, null=True, verbose_name='at')),
                ('etape', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentations', to='rallynov_etapes.etapepage')),
                ('fiche', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentations', to='rallynov_fiches.fichepage', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'fiche presented',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='inscription',
            index=models.Index(fields=['etape', 'etat'], name='etapes_inscription_places'),
        ),
        migrations.AddConstraint(
            model_name='inscription',
            constraint=models.UniqueConstraint(condition=models.Q(('courriel', ''), _negated=True), fields=('etape', 'courriel'), name='etapes_inscription_once'),
        ),
        migrations.AddConstraint(
            model_name='presentationdefiche',
            constraint=models.UniqueConstraint(fields=('etape', 'fiche'), name='etapes_fiche_presented_once'),
        ),
    ]
