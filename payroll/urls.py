from django.urls import path, register_converter

from timesheets.urls import IsoDay

from .page_names import PAGES as PAGES
from .views import (
    archive,
    balances,
    banks,
    books,
    calculator,
    corrections,
    deposits,
    employer,
    employment,
    months,
    off_cycle,
    patronage,
    prices,
    profiles,
    projections,
    rates,
    remittances,
    runs,
    tables,
    year_end,
)

register_converter(IsoDay, "period_day")

app_name = "payroll"

stubs = [
    path("", archive.my_stubs, name="archive"),
    path("stubs/<int:pk>/", archive.stub, name="stub"),
    path("stubs/no/<slug:number>/", archive.stub_numbered, name="stub_numbered"),
    path("stubs/<int:pk>/open/", archive.stub_open, name="stub_open"),
    path("stubs/<int:pk>/pdf/", archive.stub_pdf, name="stub_pdf"),
    path("years/<int:year>/", archive.my_year, name="archive_zip"),
]
files = [
    path("file/", profiles.profile, name="profile"),
    path("file/taxes/", profiles.taxes, name="taxes"),
    path("file/overtime/", profiles.overtime, name="overtime"),
    path("file/sales-taxes/", profiles.sales_taxes, name="sales_taxes"),
    path("file/invoice/", profiles.invoice, name="invoice"),
    path("file/banks/", banks.banks, name="banks"),
    path("file/readings/", profiles.my_readings, name="readings"),
    path("forms/", profiles.forms_waiting, name="forms_waiting"),
    path("forms/<int:pk>/confirm/", profiles.forms_confirm, name="forms_confirm"),
    path("people/<int:pk>/", profiles.profile_of, name="profile_of"),
    path("people/<int:pk>/open/", profiles.profile_open, name="profile_open"),
    path("people/<int:pk>/taxes/", profiles.taxes_of, name="taxes_of"),
    path("people/<int:pk>/overtime/", profiles.overtime_of, name="overtime_of"),
    path("people/<int:pk>/sales-taxes/", profiles.sales_taxes_of, name="sales_taxes_of"),
    path("people/<int:pk>/invoice/", profiles.invoice_of, name="invoice_of"),
    path("people/<int:pk>/banks/", banks.banks_of, name="banks_of"),
    path("people/<int:pk>/banks/opening/", banks.banks_opening, name="banks_opening"),
]
hourly_rate = [
    path("rate/", rates.all_rates, name="rates"),
    path("rate/try/", rates.rate_try, name="rate_try"),
    path("rate/set/", rates.rate_set, name="rate_set"),
    path("rate/prices/", prices.all_prices, name="prices"),
    path("rate/prices/<int:pk>/remove/", prices.price_remove, name="price_remove"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("other-hours/", calculator.other_hours, name="what_if"),
    path("tables/", tables.year_tables, name="tables"),
]

pay = [
    path("banks/", banks.all_banks, name="all_banks"),
    path("runs/", runs.all_runs, name="runs"),
    path("runs/next/<period_day:first>/", runs.run_preview, name="run_preview"),
    path("runs/off-cycle/", off_cycle.run_off_cycle, name="run_off_cycle"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/issue/", runs.run_issue, name="run_issue"),
    path("runs/<int:pk>/withdraw/", runs.run_withdraw, name="run_withdraw"),
    path("runs/<int:pk>/register.csv", runs.run_register, {"kind": "csv"}, name="run_register"),
    path("runs/<int:pk>/register.xlsx", runs.run_register, {"kind": "xlsx"}, name="run_register_xlsx"),
    path("runs/<int:pk>/documents/", runs.run_documents, name="run_documents"),
    path("runs/<int:pk>/papers/", runs.run_papers, name="run_papers"),
    path("runs/<int:pk>/warnings/", runs.run_answers, name="run_answers"),
    path("stubs/<int:pk>/correct/", corrections.stub_correct, name="stub_correct"),
    path("stubs/<int:pk>/void/", corrections.stub_void, name="stub_void"),
]

money = [
    path("file/account/", deposits.account, name="account"),
    path("accounts/", deposits.accounts, name="accounts"),
    path("accounts/letter/", deposits.originator, name="originator"),
    path("people/<int:pk>/account/", deposits.account_of, name="account_of"),
    path("people/<int:pk>/account/open/", deposits.account_open, name="account_open"),
    path("runs/<int:pk>/money/", deposits.run_money, name="run_money"),
    path("runs/<int:pk>/money/deposits/", deposits.run_deposit, name="run_deposit"),
    path("runs/<int:pk>/money/refused/", deposits.run_deposit_replace, name="run_deposit_replace"),
    path("runs/<int:pk>/money/payments.csv", deposits.run_amounts, name="run_amounts"),
    path("runs/<int:pk>/money/cheques/", deposits.run_cheques, name="run_cheques"),
    path("runs/<int:pk>/money/cheques.csv", deposits.run_cheques_csv, name="run_cheques_csv"),
]
slips = [
    path("slips/<int:year>/", year_end.mine, name="slips_mine"),
    path("slips/<int:year>/figures.pdf", year_end.mine_pdf, name="slips_mine_pdf"),
    path("year-end/", year_end.all_years, name="year_ends"),
    path("year-end/<int:year>/", year_end.of_year, name="year_end"),
    path("year-end/<int:year>/prepare/", year_end.prepare, name="year_end_prepare"),
    path("year-end/<int:year>/confirm/", year_end.confirm, name="year_end_confirm"),
    path("year-end/<int:year>/withdraw/", year_end.withdraw, name="year_end_withdraw"),
    path("year-end/<int:year>/summary/", year_end.summary, name="year_end_summary"),
    path("year-end/<int:year>/figures.csv", year_end.figures_file, {"kind": "csv"}, name="year_end_csv"),
    path("year-end/<int:year>/figures.xlsx", year_end.figures_file, {"kind": "xlsx"}, name="year_end_xlsx"),
    path("year-end/<int:year>/people/<int:pk>/", year_end.person, name="year_end_person"),
    path("year-end/<int:year>/people/<int:pk>/open/", year_end.person_open, name="year_end_open"),
    path("year-end/<int:year>/people/<int:pk>/figures.pdf", year_end.person_pdf, name="year_end_pdf"),
    path("people/<int:pk>/sin/", year_end.sin_open, name="sin_open"),
]
work = [
    path("wage-register/", employment.all_people, name="wage_register"),
    path("wage-register/<int:year>.csv", employment.register_file, {"kind": "csv"}, name="wage_csv"),
    path("wage-register/<int:year>.xlsx", employment.register_file, {"kind": "xlsx"}, name="wage_xlsx"),
    path("wage-register/<int:year>/<int:pk>/", employment.person_register, name="wage_person"),
    path("wage-register/<int:year>/<int:pk>/open/", employment.register_open, name="wage_open"),
    path("departures/", employment.departures, name="departures"),
    path("departures/<int:pk>/", employment.record, name="record"),
    path("departures/<int:pk>/open/", employment.record_open, name="record_open"),
    path("patronage/", patronage.simulation, name="patronage"),
    path("departures/<int:pk>/given/", employment.record_given, name="record_given"),
    path("departures/<int:pk>/record.pdf", employment.record_pdf, name="record_pdf"),
]

remitted = [
    path("remittances/", remittances.all_remittances, name="remittances"),
    path("remittances/<int:year>.csv", remittances.remittance_file, {"kind": "csv"}, name="remittance_csv"),
    path(
        "remittances/<int:year>.xlsx", remittances.remittance_file, {"kind": "xlsx"}, name="remittance_xlsx"
    ),
    path(
        "remittances/payments/<int:pk>/take-back/",
        remittances.remittance_take_back,
        name="remittance_take_back",
    ),
    path("remittances/<slug:to>/<period_day:first>/", remittances.remittance, name="remittance"),
    path(
        "remittances/<slug:to>/<period_day:first>/record/",
        remittances.remittance_record,
        name="remittance_record",
    ),
    path("employer/", employer.employer_file, name="employer"),
    path("employer/remitter/", employer.remitter, name="employer_remitter"),
    path("employer/classification/", employer.classification, name="employer_classification"),
    path("employer/years/<int:year>/", employer.year, name="employer_year"),
    path("employer/years/<int:year>/change/", employer.year_change, name="employer_year_change"),
]

opening_balances = [
    path("openings/", balances.openings, name="openings"),
    path("openings/enter/", balances.opening_enter, name="opening_enter"),
    path("openings/import/", balances.openings_import, name="openings_import"),
    path("openings/model.csv", balances.openings_model, name="openings_model"),
    path("openings/<int:pk>/", balances.opening_read, name="opening"),
    path("openings/<int:pk>/confirm/", balances.opening_confirm, name="opening_confirm"),
    path("openings/<int:pk>/withdraw/", balances.opening_withdraw, name="opening_withdraw"),
    path("openings/<int:pk>/adjust/", balances.opening_adjust, name="opening_adjust"),
    path("openings/adjustments/<int:pk>/confirm/", balances.adjustment_confirm, name="adjustment_confirm"),
    path("openings/adjustments/<int:pk>/withdraw/", balances.adjustment_withdraw, name="adjustment_withdraw"),
]

ledgers = [
    path("books/", books.entries, name="books"),
    path("books/accounts/", books.accounts, name="book_accounts"),
    path("books/sage.txt", books.book_file, {"kind": "sage"}, name="book_sage"),
    path("books/gnucash.csv", books.book_file, {"kind": "gnucash"}, name="book_gnucash"),
    path("books/odoo.csv", books.book_file, {"kind": "odoo"}, name="book_odoo"),
    path("books/hledger.journal", books.book_file, {"kind": "hledger"}, name="book_hledger"),
    path("books/books.beancount", books.book_file, {"kind": "beancount"}, name="book_beancount"),
    path("books/books.csv", books.book_file, {"kind": "csv"}, name="book_csv"),
    path("books/books.xlsx", books.book_file, {"kind": "xlsx"}, name="book_xlsx"),
]

months_to_come = [
    path("projections/", projections.all_projections, name="projections"),
    path("projections/months/", months.all_months, name="months"),
    path("projections/months/<int:pk>/remove/", months.month_remove, name="month_remove"),
    path("projections/new/", projections.projection_start, name="projection_start"),
    path("projections/compare/", projections.projection_compare, name="projection_compare"),
    path("projections/<int:pk>/", projections.projection, name="projection"),
    path("projections/<int:pk>/present/", projections.projection_present, name="projection_present"),
    path("projections/<int:pk>.csv", projections.projection_file, {"kind": "csv"}, name="projection_csv"),
    path("projections/<int:pk>.xlsx", projections.projection_file, {"kind": "xlsx"}, name="projection_xlsx"),
    path("projections/<int:pk>/change/", projections.projection_change, name="projection_change"),
    path("projections/<int:pk>/keep/", projections.projection_keep, name="projection_keep"),
    path("projections/<int:pk>/discard/", projections.projection_discard, name="projection_discard"),
    path("projections/<int:pk>/copy/", projections.projection_copy, name="projection_copy"),
    path("projections/<int:pk>/expect/<slug:side>/", projections.projection_expect, name="projection_expect"),
    path(
        "projections/<int:pk>/suppose/<slug:kind>/", projections.projection_suppose, name="projection_suppose"
    ),
    path("projections/expected/<int:pk>/", projections.expected_change, name="expected_change"),
    path("projections/expected/<int:pk>/remove/", projections.expected_remove, name="expected_remove"),
    path("projections/supposed/<int:pk>/", projections.supposition_change, name="supposition_change"),
    path("projections/supposed/<int:pk>/remove/", projections.supposition_remove, name="supposition_remove"),
]

urlpatterns = [
    *stubs,
    *files,
    *hourly_rate,
    *pay,
    *money,
    *slips,
    *work,
    *remitted,
    *opening_balances,
    *ledgers,
    *months_to_come,
]
