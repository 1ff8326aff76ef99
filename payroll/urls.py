from django.urls import path

from .views import archive, calculator, profiles, rates

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
    path("people/<int:person>/", profiles.profile_of, name="profile_of"),
    path("people/<int:person>/open/", profiles.profile_open, name="profile_open"),
    path("people/<int:person>/taxes/", profiles.taxes_of, name="taxes_of"),
    path("people/<int:person>/overtime/", profiles.overtime_of, name="overtime_of"),
    path("people/<int:person>/sales-taxes/", profiles.sales_taxes_of, name="sales_taxes_of"),
]
hourly_rate = [
    path("rate/", rates.all_rates, name="rates"),
    path("rate/set/", rates.rate_set, name="rate_set"),
    path("calculator/", calculator.calculator, name="calculator"),
]

urlpatterns = [*stubs, *files, *hourly_rate]
