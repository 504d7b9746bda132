from django.apps import AppConfig


class ReseauConfig(AppConfig):
    name = "reseau"

    def ready(self):
        from fiches.diffusion.contents import register_extra
        from fiches.models.fields import register_block
        from reseau.blocks import Bilan
        from reseau.models import Visite

        def visites_of_fiches(pks):
            visites = {}
            for visite in Visite.objects.filter(fiche__in=pks).order_by("jour"):
                visites.setdefault(visite.fiche_id, []).append({"jour": visite.jour})
            return visites

        register_block("bilan", Bilan())
        register_extra("visites", visites_of_fiches, of=Visite)
