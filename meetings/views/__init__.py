"""Views by page: week, meeting (list, plan, call), agenda, minutes."""
