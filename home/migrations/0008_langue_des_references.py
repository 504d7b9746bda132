import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """A work says in which language it is, so that its title is read aloud as such."""

    dependencies = [("home", "0007_droit_de_traduire")]
    operations = [
        migrations.AddField(
            "reference",
            "langue",
            models.CharField(
                blank=True,
                help_text="Its code, where it isn't French: en, de, es… Screen readers then say the title right.",
                max_length=12,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "A language is a code such as en, de or pt-BR."
                    )
                ],
                verbose_name="language of the work",
            ),
        ),
    ]
