"""Discord's limits, each in UTF-16 units where it counts characters.

https://discord.com/developers/docs/resources/message,
https://discord.com/developers/docs/components/reference and
https://discord.com/developers/docs/interactions/application-commands.
"""

CONTENT = 2000  #: of the text of a message
LAYOUT = 4000  #: of all texts of a layout together
CUSTOM_ID = 100  #: of what a button carries
LABEL = 80  #: of what stands on a button
FILES = 10  #: in one message
CHOICES = 25  #: in a list of suggestions
CHOICE = 100  #: of a suggestion, and of the value behind it
