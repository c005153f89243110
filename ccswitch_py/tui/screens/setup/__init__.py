"""The form that sets up a profile: the screen, the form, its fields, the advanced part, and the results of its test."""
