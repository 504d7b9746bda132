"""A page as a new Wagtail project has it, in both sites that `bench.desk` compares."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


class StockPage(Page):
    """A page with a date, an introduction and a body."""

    date = models.DateField("Date", null=True, blank=True)
    intro = models.CharField(max_length=250, blank=True)
    body = StreamField(
        [("heading", CharBlock()), ("paragraph", RichTextBlock()), ("image", ImageChooserBlock())], blank=True
    )

    content_panels = [*Page.content_panels, FieldPanel("date"), FieldPanel("intro"), FieldPanel("body")]
