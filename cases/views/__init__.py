"""The pages of cases: the file itself, writing in it, its place on a meeting's agenda, and guests."""
