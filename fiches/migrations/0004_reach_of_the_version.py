"""How far a change reaches: to what lists count, to what many pages show."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fiches', '0003_roles_et_workflow'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='counted_at',
            field=models.DateTimeField(db_default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='When something last changed that reaches what lists count, or further.'),
        ),
        migrations.AddField(
            model_name='version',
            name='shared_at',
            field=models.DateTimeField(db_default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), help_text='When something last changed that reaches what many pages show.'),
        ),
    ]
