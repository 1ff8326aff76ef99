"""Template filters of `koumbit.formats`, available in every template."""

from django import template

from koumbit import formats

register = template.Library()
register.filter("dollars", formats.dollars)
register.filter("dollars_short", formats.dollars_short)
register.filter("measured", formats.measured)
register.filter("hours", formats.hours)
register.filter("percent", formats.percent)
register.filter("number", formats.number)
register.filter("day", formats.day)
register.filter("weekday", formats.weekday)
register.filter("moment", formats.moment)
register.filter("clock", formats.clock)
