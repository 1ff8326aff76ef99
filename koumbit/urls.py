from django.urls import include, path

from koumbit import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("account/", include("allauth.urls")),
    path("members/", include("members.urls")),
    path("roles/", include("roles.urls")),
    path("hours/", include("timesheets.urls")),
    path("pay/", include("payroll.urls")),
]
