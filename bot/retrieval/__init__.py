"""The pure core: from files to articles to an index, and from a question to an answer.

Nothing in here knows of Discord, settings or clocks; a test holds that arrow.
"""
