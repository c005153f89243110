"""One file for each verb, or for each family of small verbs."""
