"""Views by page: organisation (the picture, a forum), cadence, school holidays."""
