"""Entries of other programs' texts, and edits of them that leave every other byte alone.

``base`` has the paths, the edits and the interface; each format is one module, which ``registry.find_format`` loads
when it is asked for; ``entries`` has what works alike for all of them. Pure: texts in, edits out.
"""
