"""The machine of pages: list, record, form, delete, action."""

from core.views.base import ObjectMixin, PageView
from core.views.board import BoardColumn, BoardMoveView, BoardView
from core.views.detail import Action, Badge, Fact, FieldGroup, ObjectDetailView
from core.views.edit import (
    FormView,
    ObjectActionView,
    ObjectCreateView,
    ObjectDeleteView,
    ObjectUpdateView,
)
from core.views.list import BulkAction, ObjectListView, QuickFilter

__all__ = [
    "Action",
    "Badge",
    "BoardColumn",
    "BoardMoveView",
    "BoardView",
    "BulkAction",
    "Fact",
    "FieldGroup",
    "FormView",
    "ObjectActionView",
    "ObjectCreateView",
    "ObjectDeleteView",
    "ObjectDetailView",
    "ObjectListView",
    "ObjectMixin",
    "ObjectUpdateView",
    "PageView",
    "QuickFilter",
]
