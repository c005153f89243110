"""The field in which a model is chosen: an input, an overlay with the models, and the catalogue that is searched."""
