"""treaty-bot: answers questions with the best-matching sentences of a corpus, cited verbatim.

The flow, which is also the order of the imports::

    corpus/*  ->  Article  ->  Passage  ->  Sentence      bot.retrieval  (the pure core)
    question  ->  Query  ->  best passages  ->  Answer
                                 |
                              Library                     bot.library    (the index in service)
                                 |
              Discord message, terminal, JSON             bot.chat, bot.__main__
"""
