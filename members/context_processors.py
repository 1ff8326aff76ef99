from django.conf import settings

from .access import request_cooperative, request_powers
from .models import Power


def reader(request) -> dict:
    """The co-op and what the reader may do: what the frame of every page needs, read once a request."""
    frame = {"cooperative": request_cooperative(request), "source_url": settings.SOURCE_URL}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return frame
    return frame | {"powers": request_powers(request), "Power": Power}
