"""Lists that the database cuts into pages, whatever the address bar asks for."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django_tables2 import RequestConfig, Table

ROWS = 50
MOST_ROWS = 200


class BoundedPaginator(Paginator):
    """Pages of at most `MOST_ROWS` rows, also when `?per_page=` asks for more."""

    def __init__(self, object_list, per_page, *args, **kwargs):
        super().__init__(object_list, min(max(per_page, 1), MOST_ROWS), *args, **kwargs)


def paged(request: HttpRequest, table: Table, *, rows: int = ROWS) -> Table:
    """The table as the reader asked for it: sorted by a column it has, one page at a time."""
    paginate = {"per_page": rows, "paginator_class": BoundedPaginator}
    return RequestConfig(request, paginate=paginate).configure(table)
