"""The checks beyond the stages, one module each; ``table`` lists them. Called by ``runner``."""
