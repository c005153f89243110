"""Sending the live test's requests and reading the answers, however the other side behaves."""
