"""Entries of other programs' texts, and edits of them that leave every other byte alone.

``base`` has the paths, the edits and the interface; each format is one module, which ``registry.find_format`` loads
on first use; ``entries`` handles all owned entries of a text at once. Pure: texts in, edits out.
"""
