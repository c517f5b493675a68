"""People who log in: users, teams, branches, roles, preferences, sign-in."""
