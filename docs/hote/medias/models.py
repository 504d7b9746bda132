from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Photo(AbstractImage):
    credit = models.CharField("crédit", max_length=200, blank=True)
    admin_form_fields = (*Image.admin_form_fields, "credit")


class Taille(AbstractRendition):
    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class Fichier(AbstractDocument):
    reference = models.CharField("référence", max_length=40, blank=True)
    admin_form_fields = (*Document.admin_form_fields, "reference")
