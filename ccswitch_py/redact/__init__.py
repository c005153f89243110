"""Making secrets and the text of others fit to be shown."""
