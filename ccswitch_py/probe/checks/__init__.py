"""The checks beyond the models, one file each; ``table`` names them all."""
