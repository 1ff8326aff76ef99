from django.urls import path

from .page_names import PAGES as PAGES
from .views import committees, decisions, people, records

app_name = "members"

urlpatterns = [
    path("people/", people.register, name="register"),
    path("people/new/", people.person_admit, name="person_admit"),
    path("people/me/", people.me, name="me"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/contact/", people.person_contact, name="person_contact"),
    path("people/<int:pk>/change/", people.person_change, name="person_change"),
    path("people/<int:pk>/close/", people.person_close, name="person_close"),
    path("people/<int:pk>/reopen/", people.person_reopen, name="person_reopen"),
    path("people/<int:pk>/invite/", people.invite, name="invite"),
    path("people/<int:pk>/status/start/", people.work_start, name="work_start"),
    path("people/<int:pk>/status/change/", people.work_change, name="work_change"),
    path("statuses/<int:pk>/end/", people.work_end, name="work_end"),
    path("people/<int:pk>/membership/", people.membership_start, name="membership_start"),
    path("memberships/<int:pk>/end/", people.membership_end, name="membership_end"),
    path("committees/", committees.committees, name="committees"),
    path("committees/new/", committees.committee_create, name="committee_create"),
    path("committees/<int:pk>/", committees.committee, name="committee"),
    path("committees/<int:pk>/change/", committees.committee_change, name="committee_change"),
    path("committees/<int:pk>/dissolve/", committees.committee_dissolve, name="committee_dissolve"),
    path("committees/<int:pk>/powers/", committees.power_grant, name="power_grant"),
    path("powers/<int:pk>/withdraw/", committees.power_withdraw, name="power_withdraw"),
    path("committees/<int:pk>/mandates/", committees.mandate_give, name="mandate_give"),
    path("mandates/<int:pk>/end/", committees.mandate_end, name="mandate_end"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.decision_record, name="decision_record"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("cooperative/", decisions.cooperative, name="cooperative"),
    path("cooperative/change/", decisions.cooperative_change, name="cooperative_change"),
    path("journal/", records.journal_page, name="journal"),
    path("access/", records.access, name="access"),
    path("messages/", records.messages_page, name="messages"),
]
