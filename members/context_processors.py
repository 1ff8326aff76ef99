from .access import request_powers
from .models import Cooperative, Power


def reader(request) -> dict:
    """The co-op and what the reader may do: what the frame of every page needs."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"cooperative": Cooperative.objects.first()}
    return {"cooperative": Cooperative.objects.first(), "powers": request_powers(request), "Power": Power}
