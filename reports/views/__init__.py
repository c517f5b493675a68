"""Pages of figures and of the day's work."""

from reports.views.day import HomeView, MyDayView
from reports.views.funnel import FunnelView
from reports.views.team import TeamView
from reports.views.walk import CallWalkView

__all__ = ["CallWalkView", "FunnelView", "HomeView", "MyDayView", "TeamView"]
