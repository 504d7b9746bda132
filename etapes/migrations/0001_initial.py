import django.db.models.deletion
import fiches.models.fields
import fiches.models.routes
import fiches.models.telephone
import modelcluster.fields
import uuid
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fiches', '0001_initial'),
        migrations.swappable_dependency(get_image_model_string()),
        ('wagtailcore', '0098_apitoken'),
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
            bases=(fiches.models.routes.AddressablePage, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='EtapePage',
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
                ('numero', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number on the road')),
                ('chapo', models.TextField(blank=True, max_length=600, verbose_name='introduction')),
                ('date', models.DateField(db_index=True, verbose_name='date')),
                ('debut', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('fin', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('moment', models.CharField(blank=True, choices=[('matin', 'morning'), ('apres-midi', 'afternoon'), ('soiree', 'evening'), ('journee', 'all day')], help_text='Where the hours are not known: nothing is invented.', max_length=12, verbose_name='moment of the day')),
                ('lieu', models.CharField(blank=True, help_text='Name of the hall or building.', max_length=200, verbose_name='place')),
                ('acces', models.TextField(blank=True, help_text='How to get there, parking, bus.', verbose_name='practical information')),
                ('accessibilite', models.TextField(blank=True, verbose_name='accessibility of the place')),
                ('statut', models.CharField(choices=[('prevue', 'planned'), ('complete', 'full'), ('reportee', 'postponed'), ('annulee', 'cancelled')], default='prevue', max_length=10, verbose_name='state')),
                ('inscriptions', models.CharField(choices=[('aucune', 'without registration'), ('ouvertes', 'open'), ('fermees', 'closed')], default='aucune', max_length=10, verbose_name='registration')),
                ('capacite', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of places')),
                ('programme', fiches.models.fields.BodyField([], blank=True, verbose_name='programme')),
                ('photo_alt', models.CharField(blank=True, max_length=250, verbose_name='alternative text of the picture')),
                ('photo_decorative', models.BooleanField(default=False, verbose_name='the picture is decorative')),
                ('compte_rendu', fiches.models.fields.BodyField([], blank=True, verbose_name='report of the étape')),
                ('participants', models.PositiveIntegerField(blank=True, null=True, verbose_name='attendance')),
                ('exemple', models.BooleanField(default=False, help_text='Fictitious: marked as such everywhere.', verbose_name='example')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('commence_le', models.DateTimeField(db_index=True, editable=False)),
                ('termine_le', models.DateTimeField(db_index=True, editable=False)),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.commune', verbose_name='commune')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='etapes', to='fiches.edition', verbose_name='edition')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string(), verbose_name='picture')),
            ],
            options={
                'verbose_name': 'étape',
                'verbose_name_plural': 'étapes',
            },
            bases=(fiches.models.routes.AddressablePage, 'wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='EtapeOrganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('contact_nom', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_telephone', fiches.models.telephone.PhoneField(blank=True, max_length=40, verbose_name='phone')),
                ('contact_courriel', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('contact_public', models.BooleanField(default=False, help_text='Tick once the person agreed.', verbose_name='the contact may be shown')),
                ('partenaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='fiches.partenaire', verbose_name='organiser')),
                ('etape', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisations', to='etapes.etapepage')),
            ],
            options={
                'verbose_name': 'organiser',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PresentationDeFiche',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('heure', models.TimeField(blank=True, null=True, verbose_name='at')),
                ('etape', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentations', to='etapes.etapepage')),
                ('fiche', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presentations', to='fiches.fichepage', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'fiche presented',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('etape', 'fiche'), name='etapes_fiche_presented_once')],
            },
        ),
    ]
