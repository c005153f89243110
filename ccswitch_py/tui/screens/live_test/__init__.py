"""The live test of one or many profiles."""
