"""Addresses of funktionsbeskrivelser, below the tenant's slug and «funktionsbeskrivelser/»."""

from django.urls import path

from plans import function_leader_views as leader_views
from plans import function_views as views

urlpatterns = [
    path("", views.function_list, name="function_list"),
    path("ledere/", leader_views.function_leaders, name="function_leaders"),
    path("forum/<id:forum_id>/", views.function_forum, name="function_forum"),
    path("forum/<id:forum_id>/ny/", views.function_new, name="function_new"),
    path("forum/<id:forum_id>/funktioner.pdf", views.function_pdf, name="function_pdf"),
    path("<id:function_id>/", views.function_detail, name="function_detail"),
    path("<id:function_id>/rediger/", views.function_edit, name="function_edit"),
    path("<id:function_id>/trin/", views.function_step, name="function_step"),
    path("<id:function_id>/leder/", leader_views.function_leader, name="function_leader"),
]
