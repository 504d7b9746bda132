// Wagtail's date picker silently replaces an unreadable value by the current date or time when the field loses focus. This
// keeps the typed value, so that the form reports the error beside it.
/* global jQuery */
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
