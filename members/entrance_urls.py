"""How one comes in: signing in, an invitation, the demonstration. Included at the root, before allauth."""

from django.urls import path

from members import entrance

urlpatterns = [
    path("account/login/", entrance.sign_in, name="account_login"),
    path("invitation/<str:uid>/<str:token>/", entrance.invitation, name="invitation"),
    path("welcome/", entrance.welcome, name="welcome"),
    path("demonstration/<slug:slug>/", entrance.enter_demonstration, name="demonstration_enter"),
]
