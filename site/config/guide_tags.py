"""The template tag that links a screen of the admin to its task in the editors' guide."""

from django import template
from django.template import RequestContext
from wagtail.models import Page

from config.guide import task_of

register = template.Library()


@register.simple_tag(takes_context=True)
def task_of_this_screen(context: RequestContext) -> str:
    """Returns the anchor of the task that the current screen is about; ``""`` if there is none."""
    match = getattr(getattr(context, "request", None), "resolver_match", None)
    if match is None:  # the template is not drawn by a view
        return ""
    page = context.get("page")
    model_name = page._meta.model_name if isinstance(page, Page) else match.kwargs.get("content_type_model_name", "")
    return task_of(match.view_name, model_name)
