from .access import request_powers
from .models import Cooperative, Power


def reader(request) -> dict:
    """The co-op and what the reader may do: what the frame of every page needs, read once a request."""
    if not hasattr(request, "cooperative"):
        request.cooperative = Cooperative.objects.first()
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"cooperative": request.cooperative}
    return {"cooperative": request.cooperative, "powers": request_powers(request), "Power": Power}
