"""Wagtail's messages that say « workflow » or « Règles de Redirection » in French, which this site words its own way: « circuit de
relecture » for the path, « relecture » for what a page goes through, « étape » for a task. Listed for `make messages`."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS = (
    _("Restart workflow "),
    _("This page already has workflow '%(workflow_name)s' assigned."),
    _("You cannot assign this workflow to the same page multiple times."),
    _("Snippet '%(content_type)s' already has workflow '%(workflow_name)s' assigned."),
    _("Give your workflow a name"),
    _("Add tasks to your workflow"),
    _("This page was marked as needing changes at <strong>%(task)s</strong> in <strong>%(workflow)s</strong>."),
    _("Publishing this page will cancel the current workflow."),
    _("Workflow"),
    _("Workflow started"),
    _("Workflow completed"),
    _(
        "This workflow is currently in progress on %(workflow_states_in_progress)s pages. Deleting this workflow will cancel moderation on these page. Are you sure you want to delete this workflow?"
    ),
    _("Assign your workflow to pages"),
    _("Assign your workflow to snippets"),
    _(
        'Workflows apply to child pages too. If you select a parent page here, its child pages will also use this workflow. See <a href="%(workflow_pages_url)s">the list of the pages</a> your workflow applies to.'
    ),
    _("This workflow is disabled so it cannot be assigned to any pages."),
    _("This workflow is disabled so it cannot be assigned to any snippets."),
    _("Used on the following active workflows"),
    _('No workflows have been created. Why not <a href="%(add_url)s">add one</a>?'),
    _('There are no enabled workflows. Why not <a href="%(add_url)s">add one</a>?'),
    _("Workflow history"),
    _("Workflow progress"),
    _("Workflow on %(model_name)s '%(object)s' has been restarted."),
    _("Workflow on %(model_name)s '%(object)s' has been cancelled."),
    _("Workflow on page '%(page_title)s' has been cancelled."),
    _("Workflow on page '%(page_title)s' has been restarted."),
    _("Site history"),
    _("Workflows"),
    _("Workflow tasks"),
    _("By workflow"),
    _("Add a workflow"),
    _("New workflow"),
    _("Workflow '%(object)s' created."),
    _("Editing workflow"),
    _("Workflow '%(object)s' updated."),
    _("Disable workflow"),
    _("Workflow '%(object)s' disabled."),
    _("Workflow '%(workflow_name)s' enabled."),
    _("Workflow removed from Page '%(page_title)s'."),
    _("New workflow task"),
    _("Sort menu order"),
    _("Wagtail redirects"),
    _(
        "Recommended. Permanent redirects ensure search engines forget the old page (the 'Redirect from') and index the new page instead."
    ),
    _("redirects"),
    _("Redirects"),
    _("Import redirects"),
    _("Found %(total)s redirects, created %(successes)s and found %(errors)s errors."),
    _("workflow"),
    _("workflow page"),
    _("workflow pages"),
    _("There may only be one in progress or needs changes workflow state per page/snippet."),
    _("Workflow '%(workflow_name)s' on %(model_name)s '%(title)s': %(status)s"),
    _("Workflow state"),
    _("Workflow states"),
    _(
        "Active workflows can be added to pages/snippets. Deactivating a workflow does not remove it from existing pages/snippets."
    ),
    _("workflows"),
    _("workflow_tasks"),
    _("workflow task order"),
    _("workflow task orders"),
    _("Active tasks can be added to workflows. Deactivating a task does not remove it from existing workflows."),
    _("Pages/snippets at this step in a workflow will be moderated or approved by these groups of users"),
    _("workflow state"),
    _("Workflow: start"),
    _("Workflow: approve task"),
    _("Approved at '%(task)s'. '%(workflow)s' complete"),
    _("Workflow task approved"),
    _("Workflow: reject task"),
    _("Workflow: resume task"),
    _("Workflow: cancel"),
    _("Cancelled '%(workflow)s' at '%(task)s'"),
    _("Workflow cancelled"),
    _("Redirect '%(redirect_title)s' added."),
    _("Redirect '%(redirect_title)s' deleted."),
    _("Redirect '%(redirect_title)s' updated."),
)
COUNTED = (
    ngettext_lazy(
        "This workflow is in progress on %(states_in_progress)d page/snippet. Disabling this workflow will cancel moderation on this page/snippet.",
        "This workflow is in progress on %(states_in_progress)d pages/snippets. Disabling this workflow will cancel moderation on these pages/snippets.",
    ),
    ngettext_lazy(
        "This task is in progress on %(states_in_progress)d page/snippet. Disabling this task will cause it to be skipped in the moderation workflow and not be listed for selection when editing a workflow.",
        "This task is in progress on %(states_in_progress)d pages/snippets. Disabling this task will cause it to be skipped in the moderation workflow and not be listed for selection when editing a workflow.",
    ),
    ngettext_lazy("Imported %(total)d redirect", "Imported %(total)d redirects"),
)
