from django.db import migrations

SHARED = ("cle", "modele", "destinataires", "contexte", "etat", "tentatives", "prochain_essai", "message_id", "erreur")
DATED = (*SHARED, "cree", "envoye")


def _copy(source, target, names):
    target.objects.bulk_create(target(**{name: getattr(row, name) for name in names}) for row in source.objects.all())


def to_the_outbox(apps, schema_editor):
    """Each mail keeps its key, so that no fact is told again."""
    Courriel = apps.get_model("fiches.Courriel")
    ContentType = apps.get_model("contenttypes.ContentType")
    dossiers, _ = ContentType.objects.get_or_create(app_label="candidatures", model="dossier")
    Courriel.objects.bulk_create(
        Courriel(
            sujet_type=dossiers if row.dossier_id else None,
            sujet_id=row.dossier_id,
            **{name: getattr(row, name) for name in DATED},
        )
        for row in apps.get_model("candidatures.Message").objects.all()
    )
    _copy(
        apps.get_model("candidatures.ModeleDeCourriel"),
        apps.get_model("fiches.ModeleDeCourriel"),
        ("cle", "objet", "texte"),
    )


def back(apps, schema_editor):
    """The mails of other rooms stay where they are."""
    Message = apps.get_model("candidatures.Message")
    Courriel = apps.get_model("fiches.Courriel")
    ours = Courriel.objects.filter(sujet_type__app_label="candidatures", sujet_type__model="dossier")
    ours |= Courriel.objects.filter(modele__in=["lien", "recapitulatif"])
    Message.objects.bulk_create(
        Message(dossier_id=row.sujet_id, **{name: getattr(row, name) for name in DATED}) for row in ours
    )
    ours.delete()
    Wording = apps.get_model("fiches.ModeleDeCourriel")
    _copy(Wording, apps.get_model("candidatures.ModeleDeCourriel"), ("cle", "objet", "texte"))
    Wording.objects.all().delete()


class Migration(migrations.Migration):
    """The outbox and the staff's wordings move to the core, which every room sends through."""

    dependencies = [
        ("candidatures", "0003_droits"),
        ("fiches", "0006_courriels_et_echeances"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(to_the_outbox, back),
        migrations.DeleteModel(name="ModeleDeCourriel"),
        migrations.DeleteModel(name="Message"),
    ]
