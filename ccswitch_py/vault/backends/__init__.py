"""One backend each; ``vault.store`` chooses among them and imports only the chosen one."""
