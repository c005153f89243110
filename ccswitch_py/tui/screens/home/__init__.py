"""The home screen: a table of the profiles, the details of one, and what can be done with it."""
