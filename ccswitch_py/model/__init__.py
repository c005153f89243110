"""The glossary as types; pure, without files, network or screen."""
