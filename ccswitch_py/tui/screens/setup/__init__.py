"""The setup form."""
