"""What a screen does when a key is pressed, from the first question to the sentence that tells how it ended."""
