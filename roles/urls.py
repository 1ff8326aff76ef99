from django.urls import path

from .views import ratings, registry

app_name = "roles"

urlpatterns = [
    path("", registry.registry, name="registry"),
    path("new/", registry.role_create, name="role_create"),
    path("<int:pk>/change/", registry.role_change, name="role_change"),
    path("<int:pk>/retire/", registry.role_retire, name="role_retire"),
    path("<int:pk>/bring-back/", registry.role_bring_back, name="role_bring_back"),
    path("<int:pk>/tasks/new/", registry.task_create, name="task_create"),
    path("tasks/<int:pk>/", registry.task_carriers, name="task_carriers"),
    path("tasks/<int:pk>/give/", registry.task_assign, name="task_assign"),
    path("assignments/<int:pk>/end/", registry.assignment_end, name="assignment_end"),
    path("tasks/<int:pk>/rename/", registry.task_rename, name="task_rename"),
    path("tasks/<int:pk>/retire/", registry.task_retire, name="task_retire"),
    path("tasks/<int:pk>/bring-back/", registry.task_bring_back, name="task_bring_back"),
    # what one thinks of tasks, and what is published of it
    path("ratings/", ratings.mine, name="ratings"),
    path("ratings/<int:pk>/", ratings.give, name="rating_give"),
    path("ratings/published/", ratings.published, name="ratings_published"),
    path("ratings/to-discuss/", ratings.contested, name="ratings_contested"),
]
