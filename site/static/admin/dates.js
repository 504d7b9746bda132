// Wagtail's picker puts the present day or hour in the place of what it can't read, as soon as one leaves the field, and says
// nothing. What is typed stays: the form tells what is wrong, beside it.
/* global jQuery */
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
