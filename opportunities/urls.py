"""Addresses of the opportunities app."""

from django.urls import path

from core.urls import crud_urls
from opportunities import views

app_name = "opportunities"

urlpatterns = [
    *crud_urls("opportunity", views),
    path("<int:pk>/move/", views.OpportunityMoveView.as_view(), name="opportunity_move"),
    path("<int:pk>/move/undo/", views.OpportunityMoveUndoView.as_view(), name="opportunity_move_undo"),
    path("<int:pk>/win/", views.OpportunityWinView.as_view(), name="opportunity_win"),
    path("<int:pk>/lose/", views.OpportunityLoseView.as_view(), name="opportunity_lose"),
    path("<int:pk>/reopen/", views.OpportunityReopenView.as_view(), name="opportunity_reopen"),
    path("<int:pk>/assign/", views.OpportunityAssignView.as_view(), name="opportunity_assign"),
    path("<int:pk>/cycle/", views.OpportunityCycleView.as_view(), name="opportunity_change_cycle"),
    path("<int:pk>/lines/add/", views.LineView.as_view(), name="line_add"),
    path("<int:pk>/lines/sum/", views.LinesSumView.as_view(), name="lines_sum"),
    path("<int:pk>/lines/<int:line>/edit/", views.LineView.as_view(), name="line_edit"),
    path("<int:pk>/lines/<int:line>/delete/", views.LineDeleteView.as_view(), name="line_delete"),
    path("<int:pk>/people/add/", views.PersonView.as_view(), name="person_add"),
    path("<int:pk>/people/<int:person>/edit/", views.PersonView.as_view(), name="person_edit"),
    path("<int:pk>/people/<int:person>/delete/", views.PersonDeleteView.as_view(), name="person_delete"),
    path("stages/options/", views.StageOptionsView.as_view(), name="stage_options"),
    *crud_urls("sales_cycle", views, prefix="cycles/"),
    path("cycles/<int:pk>/default/", views.CycleDefaultView.as_view(), name="salescycle_default"),
    path("cycles/<int:cycle>/stages/add/", views.StageCreateView.as_view(), name="stage_add"),
    path("stages/<int:pk>/edit/", views.StageUpdateView.as_view(), name="stage_edit"),
    path("stages/<int:pk>/delete/", views.StageDeleteView.as_view(), name="stage_delete"),
    path("stages/<int:pk>/up/", views.StageShiftView.as_view(), {"way": "up"}, name="stage_up"),
    path("stages/<int:pk>/down/", views.StageShiftView.as_view(), {"way": "down"}, name="stage_down"),
    *crud_urls("close_reason", views, prefix="reasons/"),
]
