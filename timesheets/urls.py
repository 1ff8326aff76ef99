from datetime import date

from django.urls import path, register_converter

from .page_names import PAGES as PAGES
from .views import (
    approval,
    classifying,
    exporting,
    history,
    importing,
    leave,
    looking,
    nudges,
    own,
    projects,
    proposals,
    roles,
    rows,
    saving,
    sharing,
    timer,
)


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
    path("<isoday:starts_on>/rows/", rows.search, name="rows"),
    path("<isoday:starts_on>/rows/<str:row>/", rows.one, name="row"),
    path("timer/stop/", timer.stop, name="timer_stop"),
    path("timer/ask/", timer.ask, name="timer_ask"),
    path("timer/discard/", timer.discard, name="timer_discard"),
    path("rows/<str:row>/favourite/", rows.favourite, name="row_favourite"),
    path("<isoday:starts_on>/usual/", rows.usual_weeks, name="usual_weeks"),
    path("<isoday:starts_on>/usual/keep/", rows.usual_keep, name="usual_keep"),
    path("<isoday:starts_on>/usual/<int:pk>/pour/", rows.usual_pour, name="usual_pour"),
    path("<isoday:starts_on>/usual/<int:pk>/rename/", rows.usual_rename, name="usual_rename"),
    path("<isoday:starts_on>/usual/<int:pk>/forget/", rows.usual_forget, name="usual_forget"),
    path("<isoday:starts_on>/cells/", saving.cells, name="sheet_cells"),
    path("<isoday:starts_on>/withdraw/", own.withdraw, name="sheet_withdraw"),
    path("<isoday:starts_on>/<isoday:day>/<int:task>/<int:project>/", own.lines, name="lines"),
    path("entries/<int:pk>/history/", history.entry, name="entry_history"),
    path("export/", exporting.export, name="export"),
    path("tools/", exporting.tools, name="tools"),
    path("tools/programs/", exporting.programs, name="programs"),
    path("tools/openapi.json", exporting.openapi, name="openapi"),
    path("tools/<int:pk>/revoke/", exporting.revoke, name="token_revoke"),
    path("feed/<str:secret>.ics", exporting.feed, name="feed"),
    path("entries/<int:pk>/correct/", own.correct, name="entry_correct"),
    path("queue/", approval.queue, name="queue"),
    path("queue/approve/", approval.queue_approve, name="queue_approve"),
    path("queue/<int:pk>/", approval.review, name="review"),
    path("queue/<int:pk>/approve/", approval.review_approve, name="review_approve"),
    path("queue/<int:pk>/send-back/", approval.review_send_back, name="review_send_back"),
    path("queue/<int:pk>/step-aside/", approval.step_aside, name="review_step_aside"),
    path("queue/conflicts/", approval.conflicts_declared, name="conflicts"),
    path("queue/conflicts/<int:pk>/end/", approval.step_back, name="conflict_end"),
    path("queue/remind/<isoday:starts_on>/", approval.remind, name="remind"),
    path("weeks/", approval.standings, name="standings"),
    path("weeks/mine/", approval.own_standing, name="own_standing"),
    path("entries/<int:pk>/answer/", own.answer, name="entry_answer"),
    path("leave/", leave.own, name="leave"),
    path("leave/new/", leave.ask, name="leave_ask"),
    path("leave/<int:pk>/", leave.shown, name="leave_shown"),
    path("leave/<int:pk>/change/", leave.change, name="leave_change"),
    path("leave/<int:pk>/withdraw/", leave.withdraw, name="leave_withdraw"),
    path("leave/<int:pk>/give-back/", leave.cancel, name="leave_cancel"),
    path("leave/given-back/<int:pk>/keep/", leave.keep, name="cancellation_withdraw"),
    path("queue/leave/", leave.queue, name="leave_queue"),
    path("queue/leave/approve/", leave.approve_ticked, name="leave_queue_approve"),
    path("queue/leave/<int:pk>/", leave.review, name="leave_review"),
    path("queue/leave/<int:pk>/approve/", leave.approve, name="leave_approve"),
    path("queue/leave/<int:pk>/refuse/", leave.refuse, name="leave_refuse"),
    path("queue/leave/given-back/<int:pk>/accept/", leave.accept_cancellation, name="cancellation_accept"),
    path("queue/leave/given-back/<int:pk>/refuse/", leave.refuse_cancellation, name="cancellation_refuse"),
    path("away/", leave.away, name="away"),
    path("nudges/", nudges.chosen, name="nudges"),
    path("nudges/<int:pk>/", nudges.shown, name="nudge"),
    path("nudges/stop/<str:key>/", nudges.stop, name="nudge_stop"),
    path("import/", importing.upload, name="import"),
    path("import/<str:key>/", importing.preview, name="import_preview"),
    path("projects/", projects.listed, {"kind": projects.PROJECT}, name="projects"),
    path("projects/new/", projects.create, {"kind": projects.PROJECT}, name="project_create"),
    # Roles with their hours, and training
    path("roles/", roles.picture, name="role_picture"),
    path("roles/<int:pk>/", roles.role, name="role"),
    path("roles/<int:pk>/learning/", roles.role_learning, name="role_learning"),
    path("training/", roles.own_training, name="training"),
    path("training/everybody/", roles.training_of_all, name="training_of_all"),
    path("entries/<int:pk>/learning/", roles.entry_learning, name="entry_learning"),
    path("year/", looking.own_year_now, name="year"),
    path("year/<int:year>/", looking.own_year, name="own_year"),
    path("cooperative/", looking.load_now, name="load_now"),
    path("cooperative/<int:year>/", looking.load, name="load"),
    path("projects/<int:pk>/", looking.project, name="project"),
    path("services/<int:pk>/", looking.service, name="service"),
    path("projects/<int:pk>/change/", projects.change, {"kind": projects.PROJECT}, name="project_change"),
    path("projects/<int:pk>/close/", projects.close, {"kind": projects.PROJECT}, name="project_close"),
    path("projects/<int:pk>/reopen/", projects.reopen, {"kind": projects.PROJECT}, name="project_reopen"),
    path("services/", projects.listed, {"kind": projects.SERVICE}, name="services"),
    path("services/new/", projects.create, {"kind": projects.SERVICE}, name="service_create"),
    path("services/<int:pk>/change/", projects.change, {"kind": projects.SERVICE}, name="service_change"),
    path("services/<int:pk>/close/", projects.close, {"kind": projects.SERVICE}, name="service_close"),
    path("services/<int:pk>/reopen/", projects.reopen, {"kind": projects.SERVICE}, name="service_reopen"),
    path("clients/", projects.listed, {"kind": projects.CLIENT}, name="clients"),
    path("clients/new/", projects.create, {"kind": projects.CLIENT}, name="client_create"),
    path("clients/<int:pk>/change/", projects.change, {"kind": projects.CLIENT}, name="client_change"),
    path("clients/<int:pk>/close/", projects.close, {"kind": projects.CLIENT}, name="client_close"),
    path("clients/<int:pk>/reopen/", projects.reopen, {"kind": projects.CLIENT}, name="client_reopen"),
    # how the work is shared
    path("sharing/", sharing.concentration, name="concentration"),
    path("sharing/balance/", sharing.balance, name="balance"),
    path("sharing/balance/mine/", sharing.balance_mine, name="balance_mine"),
    path("sharing/balance/<int:pk>/", sharing.balance_of, name="balance_of"),
    path("sharing/lived/", sharing.lived, name="lived"),
    path("to-classify/", classifying.to_classify, name="to_classify"),
    # proposals of who does what next period
    path("sharing/proposals/", proposals.rotations, name="rotations"),
    path("sharing/proposals/new/", proposals.rotation_ask, name="rotation_ask"),
    path("sharing/proposals/<int:pk>/", proposals.rotation, name="rotation"),
    path("sharing/proposals/<int:pk>/stop/", proposals.rotation_stop, name="rotation_stop"),
    path("sharing/proposals/one/<int:pk>/", proposals.proposal, name="proposal"),
    path("sharing/proposals/one/<int:pk>/edit/", proposals.proposal_edit, name="proposal_edit"),
    path("sharing/proposals/one/<int:pk>/why/", proposals.proposal_why, name="proposal_why"),
    path("sharing/proposals/one/<int:pk>/adopt/", proposals.proposal_adopt, name="proposal_adopt"),
]
