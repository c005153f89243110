"""What an answer means. ``answer`` is the judge, ``observation`` has its terms; the others read parts of an answer.

Pure: nothing is sent from here. Called by the modules of ``probe``, and by a target that judges its tool's output.
"""
