"""The calendar's reckoning: which days a page shows, and where events stand on them. No queries, no words of pages."""
