"""What a user does, one file each; used by the command line and the screen alike."""
