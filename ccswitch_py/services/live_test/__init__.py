"""The live test of saved profiles and of drafts."""
