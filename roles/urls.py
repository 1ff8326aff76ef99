from django.urls import path

from . import views

app_name = "roles"

urlpatterns = [
    path("", views.registry, name="registry"),
    path("new/", views.role_create, name="role_create"),
    path("<int:pk>/change/", views.role_change, name="role_change"),
    path("<int:pk>/retire/", views.role_retire, name="role_retire"),
    path("<int:pk>/bring-back/", views.role_bring_back, name="role_bring_back"),
    path("<int:pk>/tasks/new/", views.task_create, name="task_create"),
    path("tasks/<int:pk>/", views.task_carriers, name="task_carriers"),
    path("tasks/<int:pk>/give/", views.task_assign, name="task_assign"),
    path("assignments/<int:pk>/end/", views.assignment_end, name="assignment_end"),
    path("tasks/<int:pk>/rename/", views.task_rename, name="task_rename"),
    path("tasks/<int:pk>/retire/", views.task_retire, name="task_retire"),
    path("tasks/<int:pk>/bring-back/", views.task_bring_back, name="task_bring_back"),
]
