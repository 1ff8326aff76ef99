from django.urls import path

from .page_names import PAGES as PAGES
from .views import ratings, refusals, registry, terms, training

app_name = "roles"

urlpatterns = [
    path("", registry.registry, name="registry"),
    path("new/", registry.role_create, name="role_create"),
    path("<int:pk>/change/", registry.role_change, name="role_change"),
    path("<int:pk>/versions/", registry.role_versions, name="role_versions"),
    path("<int:pk>/merge/", registry.role_merge, name="role_merge"),
    path("<int:pk>/retire/", registry.role_retire, name="role_retire"),
    path("<int:pk>/bring-back/", registry.role_bring_back, name="role_bring_back"),
    path("<int:pk>/tasks/new/", registry.task_create, name="task_create"),
    path("<int:pk>/tasks/merge/", registry.task_merge, name="task_merge"),
    path("tasks/<int:pk>/", registry.task_carriers, name="task_carriers"),
    path("tasks/<int:pk>/give/", registry.task_assign, name="task_assign"),
    path("assignments/<int:pk>/end/", registry.assignment_end, name="assignment_end"),
    path("tasks/<int:pk>/change/", registry.task_change, name="task_change"),
    path("tasks/<int:pk>/split/", registry.task_split, name="task_split"),
    path("tasks/<int:pk>/retire/", registry.task_retire, name="task_retire"),
    path("tasks/<int:pk>/bring-back/", registry.task_bring_back, name="task_bring_back"),
    # Terms and how roles are filled
    path("renewals/", terms.renewals, name="renewals"),
    path("<int:pk>/terms/give/", terms.term_give, name="term_give"),
    path("terms/<int:pk>/end/", terms.term_end, name="term_end"),
    path("<int:pk>/open/", terms.opening_create, name="opening_create"),
    path("openings/<int:pk>/", terms.opening, name="opening"),
    path("openings/<int:pk>/step-back/", terms.opening_step_back, name="opening_step_back"),
    path("openings/<int:pk>/settle/", terms.opening_settle, name="opening_settle"),
    path("openings/<int:pk>/close/", terms.opening_close, name="opening_close"),
    # Training
    path("<int:pk>/me/", training.standing, name="standing"),
    path("skills/<int:pk>/confirm/", training.skill_confirm, name="skill_confirm"),
    # What one thinks of tasks, and what is published of it
    path("ratings/", ratings.mine, name="ratings"),
    path("ratings/<int:pk>/", ratings.give, name="rating_give"),
    path("ratings/<int:pk>/compare/", ratings.compare, name="rating_compare"),
    path("ratings/published/", ratings.published, name="ratings_published"),
    path("ratings/to-discuss/", ratings.contested, name="ratings_contested"),
    # Tasks one does not take
    path("refusals/", refusals.refusals, name="refusals"),
]
