"""The documents that figures were read in, in the reader's language."""

from django import template

from payroll.editions import cited

register = template.Library()
register.filter("cited", cited)
