"""The page against which the others are measured: three fields, as `wagtail start` and Wagtail's tutorial make one."""

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index


class StockPage(Page):
    date = models.DateField()
    introduction = models.CharField(max_length=250)
    body = RichTextField(blank=True)

    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("body")]
