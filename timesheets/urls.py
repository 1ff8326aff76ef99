from datetime import date

from django.urls import path, register_converter

from .views import approval, own


class IsoDay:
    """A day in an address, `2026-11-16`; one that does not exist is not found."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not 2000 <= day.year <= 2199:
            raise ValueError("nobody works in that year")
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDay, "isoday")

app_name = "timesheets"

urlpatterns = [
    path("", own.week, name="week"),
    path("<isoday:starts_on>/", own.sheet, name="sheet"),
    path("<isoday:starts_on>/withdraw/", own.withdraw, name="sheet_withdraw"),
    path("<isoday:starts_on>/<isoday:day>/<int:task>/<int:project>/", own.lines, name="lines"),
    path("entries/<int:pk>/correct/", own.correct, name="entry_correct"),
    path("queue/", approval.queue, name="queue"),
    path("queue/approve/", approval.queue_approve, name="queue_approve"),
    path("queue/<int:pk>/", approval.review, name="review"),
    path("queue/<int:pk>/approve/", approval.review_approve, name="review_approve"),
    path("queue/<int:pk>/send-back/", approval.review_send_back, name="review_send_back"),
]
