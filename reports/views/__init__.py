"""Pages of figures."""

from reports.views.day import HomeView, MyDayView
from reports.views.funnel import FunnelView

__all__ = ["FunnelView", "HomeView", "MyDayView"]
