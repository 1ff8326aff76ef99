from django.urls import include, path

from koumbit import views
from koumbit.health import health
from koumbit.page_names import PAGES as PAGES
from timesheets import api

handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", health, name="health"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/", views.choose_language, name="language"),
    path("", include("members.entrance_urls")),
    path("account/", include("allauth.urls")),
    path("members/", include("members.urls")),
    path("roles/", include("roles.urls")),
    path("hours/", include("timesheets.urls")),
    path("api/v1/", api.addresses()),
    path("pay/", include("payroll.urls")),
]
