"""What every other package may use: errors, paths, files, locks, language, cancellation, crash reports."""
