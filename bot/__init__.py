"""treaty-bot: answers questions with the best-matching sentences of a corpus, cited verbatim.

ARCHITECTURE.md draws the packages, from the ground up: text, formats, corpus, index, answering,
service, chat, commands.
"""
