"""Feeds: the newest items of a site or column, for programs that fetch them."""
