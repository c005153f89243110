"""The field for a model: an input, an overlay with the models, and the searchable catalogue."""
