import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(help_text='Whose site it is.', max_length=120, verbose_name='name')),
                ('adresse', models.URLField(help_text='Where to post: https only.', max_length=500, verbose_name='address')),
                ('actif', models.BooleanField(default=True, help_text='What changes during a pause is told when it is active again.', verbose_name='active')),
                ('motif', models.CharField(blank=True, editable=False, max_length=200, verbose_name='why it is paused')),
                ('echecs', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('sel', models.CharField(editable=False, max_length=64)),
                ('sequence', models.PositiveBigIntegerField(default=0, editable=False)),
                ('vu_le', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['nom', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Chargement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jour', models.DateField(verbose_name='day')),
                ('hote', models.CharField(blank=True, help_text="Its host name; blank: not told.", max_length=253, verbose_name='site')),
                ('nature', models.SlugField(db_index=False, max_length=20, verbose_name='embed')),
                ('question', models.CharField(blank=True, max_length=300, verbose_name='question')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='loads')),
            ],
            options={
                'verbose_name': 'loads of an embed',
                'verbose_name_plural': 'loads of the embeds',
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['hote', 'jour'], name='diffusion_loads_by_site')],
                'constraints': [models.UniqueConstraint(fields=('jour', 'hote', 'nature', 'question'), name='diffusion_one_count_an_embed_site_and_day')],
            },
        ),
        migrations.CreateModel(
            name='Livraison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('evenement', models.CharField(max_length=40, verbose_name='event')),
                ('page', models.PositiveBigIntegerField(null=True)),
                ('slug', models.CharField(blank=True, max_length=255, verbose_name='address name')),
                ('etat', models.CharField(choices=[('a_envoyer', 'to be sent'), ('livree', 'delivered'), ('abandonnee', 'given up')], default='a_envoyer', max_length=10, verbose_name='state')),
                ('tentatives', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('prochain_essai', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('statut', models.PositiveSmallIntegerField(null=True, verbose_name='HTTP status')),
                ('erreur', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('cree_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='since')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='livraisons', to='rallynov_diffusion.webhook')),
            ],
            options={
                'verbose_name': 'webhook message',
                'verbose_name_plural': 'webhook messages',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['etat', 'prochain_essai'], name='diffusion_livraisons_dues')],
            },
        ),
    ]
