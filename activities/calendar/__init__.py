"""The calendar's pages: which days they show, where events stand on them, and how they are drawn."""
