import django.db.models.deletion
import django.utils.timezone
import fiches.candidatures.models.dossier
import fiches.candidatures.models.piece
import fiches.candidatures.models.signalement
import uuid
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('rallynov_fiches', '0001_initial'),
        migrations.swappable_dependency(get_image_model_string()),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Signalement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=200, verbose_name='organisation')),
                ('lieu', models.CharField(blank=True, max_length=200, verbose_name='where it is')),
                ('innovation', models.TextField(max_length=2000, verbose_name='what it does that is new')),
                ('photo', models.FileField(blank=True, max_length=200, storage=fiches.candidatures.models.piece.private_storage, upload_to=fiches.candidatures.models.signalement.photo_name, verbose_name='photo')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='its e-mail')),
                ('de', models.EmailField(blank=True, max_length=254, verbose_name='your e-mail')),
                ('suite', models.CharField(choices=[('nouveau', 'new'), ('invite', 'invited'), ('ecarte', 'set aside')], db_index=True, default='nouveau', max_length=10, verbose_name='outcome')),
                ('date', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date')),
                ('empreinte', models.CharField(editable=False, max_length=64, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'tip',
                'verbose_name_plural': 'tips',
                'ordering': ['-date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Appel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=120, verbose_name='name')),
                ('ouverture', models.DateTimeField(help_text='From then on, dossiers can be begun and sent.', verbose_name='opens')),
                ('cloture', models.DateTimeField(help_text='From then on, none can be sent; corrections still can.', verbose_name='closes')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='rallynov_fiches.edition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'call',
                'verbose_name_plural': 'calls',
                'ordering': ['-cloture'],
            },
        ),
        migrations.CreateModel(
            name='Confidentialite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('responsable', models.CharField(blank=True, help_text='The organisation that decides why the data are kept.', max_length=200, verbose_name='controller')),
                ('adresse', models.TextField(blank=True, verbose_name='its address')),
                ('delegue', models.EmailField(blank=True, max_length=254, verbose_name='data protection officer')),
                ('destinataires', models.TextField(blank=True, help_text='Who reads the dossiers, besides the rally’s own staff.', verbose_name='recipients')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'privacy of the dossiers',
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name='number')),
                ('courriel', models.EmailField(db_index=True, max_length=254, verbose_name='e-mail')),
                ('langue', models.CharField(blank=True, editable=False, max_length=12)),
                ('clos', models.CharField(blank=True, choices=[('refuse', 'refused'), ('retire', 'withdrawn')], default='', max_length=24)),
                ('depuis', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('reponses', models.JSONField(default=dict, verbose_name='answers')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('a_corriger', models.JSONField(default=list, verbose_name='to correct')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('titre', models.CharField(blank=True, max_length=255, verbose_name='innovation')),
                ('siret', models.CharField(blank=True, db_index=True, max_length=14, verbose_name='SIRET')),
                ('code_insee', models.CharField(blank=True, db_index=True, max_length=5, verbose_name='INSEE code')),
                ('exemple', models.BooleanField(default=False, verbose_name='example')),
                ('cree', models.DateTimeField(default=django.utils.timezone.now, verbose_name='begun')),
                ('modifie', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed')),
                ('soumis', models.DateTimeField(blank=True, null=True, verbose_name='sent on')),
                ('appel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='rallynov_candidatures.appel', verbose_name='call')),
                ('fiche', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dossier', to='rallynov_fiches.fichepage')),
                ('signalement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dossiers', to='rallynov_candidatures.signalement')),
            ],
            options={
                'verbose_name': 'dossier',
                'verbose_name_plural': 'dossiers',
                'ordering': [models.OrderBy(models.F('soumis'), descending=True, nulls_last=True), '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Consentement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finalite', models.CharField(max_length=40, verbose_name='purpose')),
                ('libelle', models.TextField(verbose_name='wording')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('accorde', models.BooleanField(verbose_name='agreed')),
                ('date', models.DateTimeField(default=django.utils.timezone.now)),
                ('auteur', models.ForeignKey(blank=True, help_text='None: the applicant.', null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consentements', to='rallynov_candidatures.dossier')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Evenement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateTimeField(default=django.utils.timezone.now)),
                ('etat', models.CharField(blank=True, choices=[('brouillon', 'not sent'), ('recu', 'received'), ('en_relecture', 'being reviewed'), ('corrections_demandees', 'corrections asked for'), ('approuve', 'approved'), ('publie', 'published'), ('refuse', 'refused'), ('retire', 'withdrawn')], max_length=24)),
                ('texte', models.TextField(blank=True, verbose_name='text')),
                ('message', models.CharField(blank=True, editable=False, max_length=200, verbose_name='text')),
                ('valeurs', models.JSONField(default=dict, editable=False, verbose_name='details')),
                ('interne', models.BooleanField(default=False)),
                ('epreuve', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('auteur', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evenements', to='rallynov_candidatures.dossier')),
            ],
            options={
                'verbose_name': 'line of a dossier’s history',
                'ordering': ['date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Jeton',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64, unique=True)),
                ('cree', models.DateTimeField(default=django.utils.timezone.now)),
                ('expire', models.DateTimeField(default=fiches.candidatures.models.dossier.expiry)),
                ('revoque', models.DateTimeField(blank=True, null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jetons', to='rallynov_candidatures.dossier')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PieceJointe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('role', models.CharField(choices=[('photo', 'photo'), ('logo', 'logo'), ('document', 'document')], max_length=10)),
                ('nom', models.CharField(max_length=150, verbose_name='name')),
                ('extension', models.CharField(max_length=6)),
                ('type_mime', models.CharField(max_length=100)),
                ('taille', models.PositiveIntegerField()),
                ('fichier', models.FileField(max_length=200, storage=fiches.candidatures.models.piece.private_storage, upload_to=fiches.candidatures.models.piece.private_name)),
                ('cree', models.DateTimeField(default=django.utils.timezone.now)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='rallynov_candidatures.dossier')),
                ('illustration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=get_image_model_string())),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Modification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('champ', models.CharField(max_length=60)),
                ('avant', models.JSONField(null=True, verbose_name='former answer')),
                ('apres', models.JSONField(null=True, verbose_name='new answer')),
                ('date', models.DateTimeField(default=django.utils.timezone.now)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='modifications', to='rallynov_candidatures.dossier')),
            ],
            options={
                'verbose_name': 'change of a dossier’s answer',
                'ordering': ['revision', 'pk'],
                'indexes': [models.Index(fields=['dossier', 'champ', 'revision'], name='candidatures_modif')],
            },
        ),
    ]
