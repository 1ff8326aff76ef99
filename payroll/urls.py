from django.urls import path, register_converter

from timesheets.urls import IsoDay

from .views import archive, balances, calculator, corrections, off_cycle, profiles, rates, runs

register_converter(IsoDay, "period_day")

app_name = "payroll"

stubs = [
    path("", archive.my_stubs, name="archive"),
    path("stubs/<int:pk>/", archive.stub, name="stub"),
    path("stubs/<int:pk>/open/", archive.stub_open, name="stub_open"),
    path("stubs/<int:pk>/pdf/", archive.stub_pdf, name="stub_pdf"),
    path("years/<int:year>/", archive.my_year, name="archive_zip"),
]
files = [
    path("file/", profiles.profile, name="profile"),
    path("file/taxes/", profiles.taxes, name="taxes"),
    path("file/overtime/", profiles.overtime, name="overtime"),
    path("file/sales-taxes/", profiles.sales_taxes, name="sales_taxes"),
    path("file/readings/", profiles.my_readings, name="readings"),
    path("people/<int:pk>/", profiles.profile_of, name="profile_of"),
    path("people/<int:pk>/open/", profiles.profile_open, name="profile_open"),
    path("people/<int:pk>/taxes/", profiles.taxes_of, name="taxes_of"),
    path("people/<int:pk>/overtime/", profiles.overtime_of, name="overtime_of"),
    path("people/<int:pk>/sales-taxes/", profiles.sales_taxes_of, name="sales_taxes_of"),
]
hourly_rate = [
    path("rate/", rates.all_rates, name="rates"),
    path("rate/set/", rates.rate_set, name="rate_set"),
    path("calculator/", calculator.calculator, name="calculator"),
]

pay = [
    path("runs/", runs.all_runs, name="runs"),
    path("runs/next/<period_day:first>/", runs.run_preview, name="run_preview"),
    path("runs/off-cycle/", off_cycle.run_off_cycle, name="run_off_cycle"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/issue/", runs.run_issue, name="run_issue"),
    path("runs/<int:pk>/withdraw/", runs.run_withdraw, name="run_withdraw"),
    path("runs/<int:pk>/register.csv", runs.run_register, {"kind": "csv"}, name="run_register"),
    path("runs/<int:pk>/register.xlsx", runs.run_register, {"kind": "xlsx"}, name="run_register_xlsx"),
    path("runs/<int:pk>/documents/", runs.run_documents, name="run_documents"),
    path("stubs/<int:pk>/correct/", corrections.stub_correct, name="stub_correct"),
    path("stubs/<int:pk>/void/", corrections.stub_void, name="stub_void"),
]
opening_balances = [
    path("openings/", balances.openings, name="openings"),
    path("openings/enter/", balances.opening_enter, name="opening_enter"),
    path("openings/import/", balances.openings_import, name="openings_import"),
    path("openings/model.csv", balances.openings_model, name="openings_model"),
    path("openings/<int:pk>/", balances.opening_read, name="opening"),
    path("openings/<int:pk>/confirm/", balances.opening_confirm, name="opening_confirm"),
    path("openings/<int:pk>/withdraw/", balances.opening_withdraw, name="opening_withdraw"),
]

urlpatterns = [*stubs, *files, *hourly_rate, *pay, *opening_balances]
