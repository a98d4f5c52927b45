"""What the bot itself says, in English and French. Articles speak for themselves."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from bot.answering.citation import Answer, Citation, MissingUnit
from bot.text.tokens import fold
from bot.text.unit_headings import unit_heading

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}

_STRINGS = {
    "en": {
        "translation": "translation",
        "original": "Original ({name})",
        "colon": ":",
        "passages": "¶ {passage}–{last}",
        "paragraph": "¶ {passage}",
        "passage": "¶ {passage}, sentence {sentence}",
        "passage_on_page": "p. {page}, ¶ {passage}, sentence {sentence}",
        "not_in_corpus": "The sources do not answer this.",
        "asked_alone": "This channel is answered from {names} alone.",
        "unknown_words": "Not found in the sources: {words}.",
        "nearest": "{word} (nearest: {words})",
        "speaks": "They are in {languages}.",
        "why": "Why?",
        "context": "Context",
        "more": "More",
        "again": "Ask again",
        "remove": "Remove",
        "follow_up": "Follow up",
        "follow_up_question": "Your question, after this one",
        "follow_up_example": "and when?",
        "not_asker": "Only who asked and moderators may remove an answer.",
        "why_word": "the same word",
        "why_form": "another form of it",
        "why_translation": "a translation",
        "why_synonym": "a synonym",
        "why_spelling": "spelled alike",
        "why_meaning": "close in meaning",
        "why_taught": "taught by a curator",
        "teach": "Teach",
        "answers_it": "This one answers it",
        "answers_not": "Nothing answers it",
        "choose_answer": "Nearest in the sources. Choose what answers it: you see what would "
        "change before it is kept.",
        "none_near": "No sentence of the sources shares a word with it.",
        "choose_another": "Any other sentence: `/teach add`, with its address.",
        "lesson_preview": "*{question}*, asked again, would be answered by:",
        "silence_preview": "*{question}*, asked again, would find no answer.",
        "term_preview": "These would count as one and the same word: {terms}",
        "sure_so_far": "So far the bot claims:",
        "perhaps_so_far": "So far the bot is not sure of:",
        "none_so_far": "So far it finds no answer.",
        "taught_so_far": "So far it was taught:",
        "sure_same": "The bot claims it already.",
        "perhaps_same": "So far the bot shows it, but is not sure.",
        "taught_same": "It was taught already.",
        "nothing_else": "No other question of `questions.toml` would be answered otherwise.",
        "taught": "Taught. `/teach remove` takes it back.",
        "untaught": "Taken back: *{question}*",
        "nothing_taught": "Nothing was taught yet: `/teach add`.",
        "no_answer": "no answer",
        "lost_answers": "Teaches nothing any more",
        "gap_gone": "This question is no longer in the journal.",
        "files_no_sentence": "There is no sentence `{name}`. Choose from the list as you type.",
        "files_no_words": "`{name}` holds no word.",
        "files_not_taught": "Nothing was taught for `{name}`. Choose from the list as you type.",
        "files_bad_companion": "`{name}` cannot be read; `/reindex` says what is wrong in it.",
        "files_tied_already": "`{name}` means the same as `{detail}` already.",
        "why_none": "not in it",
        "why_cut_off": "(The question is longer; this is about its beginning.)",
        "why_explained": "How each word of the question meets the sentence:",
        "stale": "The source has changed since this answer was given.",
        "question_gone": "The question has changed or gone since this answer was given.",
        "missing_unit": "{title} has no {unit}; it has {span}.",
        "span": "{first} to {last}",
        "no_unit": "{title} has no {unit}. Choose from the list as you type.",
        "no_units": "It has no numbered articles or sections.",
        "perhaps": "Not sure this answers it:",
        "empty_question": "Ask me a question about the sources; `/help` shows how.",
        "help": "I answer with sentences of the sources, word for word, or say what they lack.",
        "help_ask": "Ask with {ask}, or mention me: {mention} and your question. In private just "
        "write.",
        "help_reply": "Reply *and when?* to an answer, or press *Follow up*.",
        "help_menu": "On a message, *Apps*, *{menu}* shows what the sources say about it.",
        "help_article": "{article} shows an article by its number; so does *article 5?*",
        "help_members": "Also: {commands}",
        "help_admins": "For admins: {commands}",
        "help_try": "Try one; only you see the answer:",
        "unreadable": "Discord does not show me that text. Write {mention} and your question.",
        "no_text": "That message holds no text that I can look up.",
        "no_address": "There is no sentence {address}. Choose from the list as you type.",
        "sources": "{articles}, {sentences}",
        "previous": "Previous",
        "next": "Next",
        "slow_down": "You're asking too quickly. Please ask again in {seconds} s.",
        "cannot_answer": "I was asked something in {channel} on {guild}, but cannot reply there. "
        "Missing permissions: {missing}.",
        "voted": "Thank you, that is noted.",
        "no_journal": "No journal is kept here, so there is nothing to note or to show.",
        "no_gaps": "No question went unanswered and nothing was voted down.",
        "unanswered_questions": "Unanswered questions",
        "voted_down": "Voted down",
        "kept": "Questions that found nothing and votes on answers are kept for {days} days: the "
        "words, the server and the day, but not who asked. Private questions and direct messages "
        "are not kept. Nothing else that you ask is stored.",
        "not_kept": "Nothing that you ask is stored.",
        "kept_here": "What this server’s admins add and set is kept in a folder of its own, "
        "`{folder}`. It stays "
        "when I am removed, and answers nobody; whoever runs me deletes it.",
        "kept_if_taught": "One exception: when somebody who may change the sources teaches the bot "
        "what answers a question, its words are kept with the sources, but not who asked.",
        "not_admin": "Only members with the *Manage Server* permission may do that.",
        "not_admin_guild": "Only servers that have added me have sources to change.",
        "several_servers": "I am on several servers, and none of them is named as the one that "
        "keeps the shared sources, so nobody changes them from Discord. Whoever runs the bot names "
        "one by a line in `.env`, for this one `ADMIN_GUILD_IDS={server}`.",
        "shared_source": "`{name}` belongs to the sources that all servers share; from here you "
        "change this server’s own.",
        "status_own": "Of these {articles} of this server’s own, which no other server sees",
        "files_name_of_shared": "`{name}` is the name of a source that all servers share; choose "
        "another name.",
        "files_server_files": "`{name}` would be one file too many: a server has room for "
        "{detail}, with what was removed. Whoever runs the bot can empty `.removed`.",
        "files_server_bytes": "`{name}` does not fit: a server has room for {detail} MB, with what "
        "was removed. Whoever runs the bot can empty `.removed`.",
        "settings": "How I answer in this server’s channels",
        "settings_elsewhere": "elsewhere",
        "settings_everywhere": "everywhere",
        "settings_every": "every question",
        "settings_mentioned": "when I am mentioned",
        "settings_by_default": "{what} (as whoever runs the bot has it)",
        "settings_from": "{when}, from {names}",
        "settings_all": "all sources",
        "settings_gone": "{name} (no longer there)",
        "settings_how": "To change it: `/settings channel every_question add_source remove_source`",
        "settings_unread": "Discord shows me only texts that mention me, and the titles of forum "
        "posts. For every question, whoever runs the bot sets `MESSAGE_CONTENT=true` in `.env`.",
        "settings_wrong": "What was set cannot be read and counts for nothing; whoever runs the "
        "bot can mend it. {problem}",
        "settings_most": "A channel can be answered from at most {most} sources and folders.",
        "settings_not_one": "That channel is not answered from `{name}` in particular.",
        "files_bad_settings": "`{name}` cannot be read, so nothing was changed. Tell whoever runs "
        "the bot.",
        "files_settings_full": "`{name}` would have more than {detail} bytes. Take back what is no "
        "longer needed.",
        "reindexing": "A reindex is running already; the bot answers from the old index meanwhile.",
        "reindex_failed": "The old index stays in service. What is wrong:",
        "reindexed": "Reindexed in {seconds} s: {size}.",
        "size_before": "Before: {size}.",
        "reindex_progress": "Reading: {done} of {total} files…",
        "added": "Added: {names}",
        "removed": "Removed: {names}",
        "changed": "Changed: {names}",
        "unchanged": "Nothing has changed.",
        "status_bot": "**treaty-bot {version}**, since {since}, on {servers}; memory {memory}",
        "status_corpus": "Corpus {version}: {articles}, {passages}, {sentences}",
        "left_out": "Left out, or answered from as before: {count} wrong",
        "drift": "Translations differ from their originals in {count} places:",
        "status_left_out": "Wrong, and left out or as before (`/reindex` says why): {names}",
        "status_read_at_start": "Read {when} in {seconds} s, at the start",
        "status_read_ok": "Reindexed {when} in {seconds} s",
        "status_read_failed": "Reindex failed {when}, after {seconds} s; the old index answers",
        "status_semantic_on": "Ordered by words and by meaning",
        "status_semantic_off": "Ordered by words alone",
        "status_questions": "Questions: {answered} answered, {unanswered} not",
        "status_times": "Times to answer: half within {p50}, 99 of 100 within {p99} (last {times})",
        "status_gateway": "Discord’s gateway replies within {latency}",
        "replayed": "{right} of the corpus’s {asked} questions are answered right.",
        "replayed_taught": "{right} of the corpus’s {asked} questions are answered right by what "
        "the sources say, {taught} with what was taught.",
        "questions_regressed": "Broken: {names}",
        "questions_fixed": "Fixed: {names}",
        "questions_changed": "Answered by another sentence: {names}",
        "skipped": "Not read (not a format of sources): {names}",
        "and_more": "and {count} more",
        "nothing_here": "(nothing here)",
        "add": "Add",
        "replace": "Replace",
        "cancel": "Cancel",
        "cancelled": "Cancelled; nothing was changed.",
        "not_yours": "Only who was shown this preview may decide.",
        "no_longer_pending": "This preview has been used, is over {minutes} minutes old, or was "
        "shown before the bot started anew or its servers changed. Give the command again.",
        "upload_new": "A new source, `{file}`.",
        "upload_translation": "A translation of *{article}*, `{file}`.",
        "upload_replaces": "It replaces {files}, which can be put back with `/corpus restore`.",
        "upload_refused": "Nothing was kept. What is wrong:",
        "upload_no_title": "This {ending} file has no place for a title of yours; it keeps its "
        "own.",
        "upload_no_language": "A language is two letters of ISO 639-1, such as `fr` or `en`.",
        "upload_failed": "Discord did not hand over the file; please try again.",
        "undone": "The corpus cannot be read that way, so nothing was changed. What is wrong:",
        "removal": "*{title}* goes, with {files}. It can be put back with `/corpus restore`.",
        "removal_of_translation": "The translation {files} of *{title}* goes; the source stays. "
        "It can be put back with `/corpus restore`.",
        "asked_for": "`questions.toml` accepts sentences of {name} that would be gone, so that "
        "neither `check` nor the bot could read the corpus. Change these questions first: "
        "{questions}",
        "put_away": "To put back what was there: `/corpus restore entry:{entry}`",
        "sent": "{files}, as kept. Discord may write a name differently.",
        "too_large_to_send": "Larger than the {size} MB that Discord lets me send here: {files}.",
        "not_sent": "Discord did not take the files; may you and I attach files here?",
        "files_bad_name": "`{name}` cannot be a file’s name here: leave out signs that cannot "
        "be seen, that no Windows file may have, and a dot or space at either end.",
        "files_long_name": "`{name}` is too long a name; the longest has {detail} characters.",
        "files_bad_ending": "`{name}` does not end like a source: {detail}.",
        "files_too_large": "`{name}` is larger than such a file may be, {detail} bytes; split it.",
        "files_too_many_files": "`{name}` would be one file too many: the corpus and what was "
        "removed have {detail}. Whoever runs the bot can empty `.removed`.",
        "files_no_article": "There is no source `{name}`. Choose from the list as you type.",
        "files_no_entry": "Nothing was removed as `{name}`. Choose from the list as you type.",
        "files_last_article": "`{name}` is the last source, and the bot needs one. Add another "
        "before.",
        "files_place_taken": "`{name}` cannot be put back, since `{detail}` has its place. "
        "Remove that first.",
        "files_stale": "The files of `{name}` have changed since this was shown. Give the command "
        "again.",
        "files_unwritable": "`{name}`: the corpus folder cannot be changed ({detail}). Tell "
        "whoever runs the bot.",
        "files_unreadable": "`{name}` cannot be read ({detail}). Tell whoever runs the bot.",
        "store_gone": "I cannot reach my sources right now. Please ask again in a moment.",
        "store_unchangeable": "The sources are changed as files here; then use /reindex.",
        "status_store_gone": "**The cluster of the sources does not answer**; see the log",
        "failed": "Something went wrong on my side; it has been logged. Please ask again.",
    },
    "fr": {
        "translation": "traduction",
        "original": "Original ({name})",
        "colon": "\u00a0:",
        "passages": "¶ {passage}–{last}",
        "paragraph": "¶ {passage}",
        "passage": "¶ {passage}, phrase {sentence}",
        "passage_on_page": "p. {page}, ¶ {passage}, phrase {sentence}",
        "not_in_corpus": "Les sources n’y répondent pas.",
        "asked_alone": "Ce salon ne puise que dans {names}.",
        "unknown_words": "Introuvable dans les sources : {words}.",
        "nearest": "{word} (proches : {words})",
        "speaks": "Elles sont en {languages}.",
        "why": "Pourquoi ?",
        "context": "Contexte",
        "more": "Suite",
        "again": "Redemander",
        "remove": "Retirer",
        "follow_up": "Poursuivre",
        "follow_up_question": "Votre question, après celle-ci",
        "follow_up_example": "et quand ?",
        "not_asker": "Seuls l’auteur de la question et les modérateurs peuvent la retirer.",
        "why_word": "le même mot",
        "why_form": "une autre forme",
        "why_translation": "une traduction",
        "why_synonym": "un synonyme",
        "why_spelling": "une graphie proche",
        "why_meaning": "proche par le sens",
        "why_taught": "appris d’un responsable",
        "teach": "Apprendre",
        "answers_it": "C’est la réponse",
        "answers_not": "Rien n’y répond",
        "choose_answer": "Le plus proche dans les sources. Choisissez ce qui y répond : vous voyez "
        "ce qui changerait avant que ce soit gardé.",
        "none_near": "Aucune phrase des sources ne partage un mot avec elle.",
        "choose_another": "Toute autre phrase : `/apprendre ajouter`, avec son adresse.",
        "lesson_preview": "*{question}*, redemandé, aurait pour réponse :",
        "silence_preview": "*{question}*, redemandé, resterait sans réponse.",
        "term_preview": "Ceci vaudrait un seul et même mot : {terms}",
        "sure_so_far": "Jusqu’ici le bot affirme :",
        "perhaps_so_far": "Jusqu’ici le bot n’est pas sûr de :",
        "none_so_far": "Jusqu’ici il ne trouve pas de réponse.",
        "taught_so_far": "Jusqu’ici il avait appris :",
        "sure_same": "Le bot l’affirme déjà.",
        "perhaps_same": "Jusqu’ici le bot la montre, sans en être sûr.",
        "taught_same": "C’était déjà appris.",
        "nothing_else": "Aucune autre question de `questions.toml` n’aurait une autre réponse.",
        "taught": "Appris. `/apprendre retirer` l’oublie.",
        "untaught": "Oublié : *{question}*",
        "nothing_taught": "Rien n’a encore été appris : `/apprendre ajouter`.",
        "no_answer": "sans réponse",
        "lost_answers": "N’apprend plus rien",
        "gap_gone": "Cette question n’est plus dans le journal.",
        "files_no_sentence": "Il n’y a pas de phrase `{name}`. Choisissez dans la liste en tapant.",
        "files_no_words": "`{name}` ne contient aucun mot.",
        "files_not_taught": "Rien n’a été appris pour `{name}`. Choisissez dans la liste.",
        "files_bad_companion": "`{name}` est illisible ; `/reindex` dit ce qui n’y va pas.",
        "files_tied_already": "`{name}` veut déjà dire la même chose que `{detail}`.",
        "why_none": "absent",
        "why_cut_off": "(La question est plus longue ; ceci porte sur son début.)",
        "why_explained": "Comment chaque mot de la question s’y retrouve :",
        "stale": "La source a changé depuis cette réponse.",
        "question_gone": "La question a changé ou disparu depuis cette réponse.",
        "missing_unit": "Introuvable dans {title} : {unit}. On y trouve : {span}.",
        "span": "{first} à {last}",
        "no_unit": "Introuvable dans {title} : {unit}. Choisissez dans la liste en tapant.",
        "no_units": "Elle n’a ni articles ni sections numérotés.",
        "perhaps": "Pas sûr que cela réponde à la question :",
        "empty_question": "Posez-moi une question sur les sources ; `/aide` montre comment.",
        "help": "Je réponds avec des phrases des sources, mot pour mot, ou dis ce qui y manque.",
        "help_ask": "Demandez avec {ask}, ou mentionnez-moi : {mention} et votre question. En "
        "privé, écrivez simplement.",
        "help_reply": "Répondez *et quand ?* à une réponse, ou pressez *Poursuivre*.",
        "help_menu": "Sur un message, *Applications*, *{menu}* montre ce qu’en disent les sources.",
        "help_article": "{article} montre un article par son numéro ; *article 5 ?* aussi.",
        "help_members": "Et aussi : {commands}",
        "help_admins": "Pour les responsables : {commands}",
        "help_try": "Essayez ; vous seul voyez la réponse :",
        "unreadable": "Discord ne me montre pas ce texte. Écrivez {mention} et votre question.",
        "no_text": "Ce message ne contient pas de texte à chercher.",
        "no_address": "Il n’y a pas de phrase {address}. Choisissez dans la liste en tapant.",
        "sources": "{articles}, {sentences}",
        "previous": "Précédent",
        "next": "Suivant",
        "slow_down": "Vous posez vos questions trop vite. Réessayez dans {seconds} s, svp.",
        "cannot_answer": "On m’a posé une question dans {channel} sur {guild}, mais je ne peux pas "
        "y répondre. Permissions manquantes : {missing}.",
        "voted": "Merci, c’est noté.",
        "no_journal": "Aucun journal n’est tenu ici : rien à noter ni à montrer.",
        "no_gaps": "Aucune question n’est restée sans réponse, rien n’a été jugé mauvais.",
        "unanswered_questions": "Questions sans réponse",
        "voted_down": "Jugé mauvais",
        "kept": "Les questions restées sans réponse et les votes sont gardés {days} jours : les "
        "mots, le serveur et le jour, mais pas qui a demandé. Les questions et les messages privés "
        "ne sont pas gardés. Rien d’autre de ce que vous demandez n’est stocké.",
        "not_kept": "Rien de ce que vous demandez n’est stocké.",
        "kept_here": "Ce que les admins de ce serveur ajoutent et règlent est gardé dans un "
        "dossier à lui, `{folder}`. Il reste quand on me retire, et ne répond à personne ; qui me "
        "fait tourner le supprime.",
        "kept_if_taught": "Une exception : quand qui peut changer les sources apprend au bot ce "
        "qui répond à une question, ses mots sont gardés avec les sources, mais pas qui a demandé.",
        "not_admin": "Seuls les membres ayant la permission *Gérer le serveur* peuvent faire cela.",
        "not_admin_guild": "Seuls les serveurs qui m’ont ajouté ont des sources à changer.",
        "several_servers": "Je suis sur plusieurs serveurs, et aucun n’est nommé comme celui qui "
        "tient les sources communes : personne ne les change donc depuis Discord. Qui fait tourner "
        "le bot en nomme un par une ligne dans `.env`, pour celui-ci `ADMIN_GUILD_IDS={server}`.",
        "shared_source": "`{name}` fait partie des sources communes à tous les serveurs ; d’ici "
        "vous changez celles de ce serveur.",
        "status_own": "Dont {articles} propres à ce serveur, que nul autre ne voit",
        "files_name_of_shared": "`{name}` est le nom d’une source commune à tous les serveurs ; "
        "choisissez un autre nom.",
        "files_server_files": "`{name}` serait un fichier de trop : un serveur en a {detail} au "
        "plus, avec ce qui a été retiré. Qui fait tourner le bot peut vider `.removed`.",
        "files_server_bytes": "`{name}` ne tient pas : un serveur a {detail} Mo au plus, avec ce "
        "qui a été retiré. Qui fait tourner le bot peut vider `.removed`.",
        "settings": "Comment je réponds dans les salons de ce serveur",
        "settings_elsewhere": "ailleurs",
        "settings_everywhere": "partout",
        "settings_every": "à toute question",
        "settings_mentioned": "quand on me mentionne",
        "settings_by_default": "{what} (selon qui fait tourner le bot)",
        "settings_from": "{when}, d’après {names}",
        "settings_all": "toutes les sources",
        "settings_gone": "{name} (disparu)",
        "settings_how": "Pour changer : `/réglages salon toute_question ajouter_source "
        "retirer_source`",
        "settings_unread": "Discord ne me montre que les textes qui me mentionnent, et les titres "
        "des forums. Pour toute question, qui fait tourner le bot met `MESSAGE_CONTENT=true` dans "
        "`.env`.",
        "settings_wrong": "Ce qui était réglé est illisible et ne compte pas ; qui fait tourner le "
        "bot peut le corriger. {problem}",
        "settings_most": "Un salon puise dans {most} sources et dossiers au plus.",
        "settings_not_one": "Ce salon ne puise pas dans `{name}` en particulier.",
        "files_bad_settings": "`{name}` est illisible ; rien n’a donc changé. Prévenez qui fait "
        "tourner le bot.",
        "files_settings_full": "`{name}` dépasserait {detail} octets. Retirez ce qui ne sert plus.",
        "reindexing": "Une réindexation est déjà en cours ; l’ancien index répond en attendant.",
        "reindex_failed": "L’ancien index reste en service. Ce qui ne va pas :",
        "reindexed": "Réindexé en {seconds} s : {size}.",
        "size_before": "Avant : {size}.",
        "reindex_progress": "Lecture : {done} fichiers sur {total}…",
        "added": "Ajoutés : {names}",
        "removed": "Retirés : {names}",
        "changed": "Modifiés : {names}",
        "unchanged": "Rien n’a changé.",
        "status_bot": "**treaty-bot {version}**, depuis {since}, sur {servers} ; mémoire {memory}",
        "status_corpus": "Corpus {version} : {articles}, {passages}, {sentences}",
        "left_out": "Écartés, ou lus comme avant : {count} défectueux",
        "drift": "Des traductions diffèrent de leurs originaux à {count} endroits :",
        "status_left_out": "Défectueux, écartés ou comme avant (`/reindex` dit pourquoi) : {names}",
        "status_read_at_start": "Lu {when} en {seconds} s, au démarrage",
        "status_read_ok": "Réindexé {when} en {seconds} s",
        "status_read_failed": "Réindexation échouée {when}, en {seconds} s ; l’ancien index répond",
        "status_semantic_on": "Classé par les mots et par le sens",
        "status_semantic_off": "Classé par les mots seuls",
        "status_questions": "Questions : {answered} avec réponse, {unanswered} sans",
        "status_times": "Délais : la moitié en {p50}, 99 sur 100 en {p99} ({times} dernières)",
        "status_gateway": "La passerelle de Discord répond en {latency}",
        "replayed": "{right} des {asked} questions du corpus trouvent la bonne réponse.",
        "replayed_taught": "{right} des {asked} questions du corpus trouvent la bonne réponse dans "
        "les sources seules, {taught} avec ce qui a été appris.",
        "questions_regressed": "Cassées : {names}",
        "questions_fixed": "Réparées : {names}",
        "questions_changed": "Répondues par une autre phrase : {names}",
        "skipped": "Non lus (pas un format de source) : {names}",
        "and_more": "et {count} de plus",
        "nothing_here": "(rien ici)",
        "add": "Ajouter",
        "replace": "Remplacer",
        "cancel": "Annuler",
        "cancelled": "Annulé ; rien n’a changé.",
        "not_yours": "Seule la personne qui a vu cet aperçu peut décider.",
        "no_longer_pending": "Cet aperçu a servi, a plus de {minutes} minutes ou date d’avant le "
        "redémarrage du bot ou d’un changement de ses serveurs. Redonnez la commande.",
        "upload_new": "Une nouvelle source, `{file}`.",
        "upload_translation": "Une traduction de *{article}*, `{file}`.",
        "upload_replaces": "Remplace {files}, que `/corpus remettre` peut rendre.",
        "upload_refused": "Rien n’a été gardé. Ce qui ne va pas :",
        "upload_no_title": "Ce fichier {ending} n’a pas de place pour votre titre ; il garde le "
        "sien.",
        "upload_no_language": "Une langue s’écrit en deux lettres (ISO 639-1), comme `fr` ou `en`.",
        "upload_failed": "Discord n’a pas remis le fichier ; réessayez, svp.",
        "undone": "Le corpus ne peut pas être lu ainsi ; rien n’a donc changé. Ce qui ne va pas :",
        "removal": "*{title}* s’en va, avec {files}. `/corpus remettre` peut le rendre.",
        "removal_of_translation": "La traduction {files} de *{title}* s’en va ; la source reste. "
        "`/corpus remettre` peut la rendre.",
        "asked_for": "`questions.toml` accepte des phrases de {name} qui n’y seraient plus ; ni "
        "`check` ni le bot ne pourraient lire le corpus. Changez d’abord ces questions : "
        "{questions}",
        "put_away": "Pour rendre ce qui s’y trouvait : `/corpus remettre entrée:{entry}`",
        "sent": "{files}, tels quels. Discord peut écrire un nom autrement.",
        "too_large_to_send": "Plus que les {size} Mo que Discord me laisse envoyer ici : {files}.",
        "not_sent": "Discord n’a pas pris les fichiers ; peut-on en joindre ici, vous et moi ?",
        "files_bad_name": "`{name}` ne peut pas être un nom de fichier ici : sans signe invisible, "
        "sans signe interdit sous Windows, sans point ni espace au début ou à la fin.",
        "files_long_name": "`{name}` est un nom trop long ; le plus long a {detail} caractères.",
        "files_bad_ending": "`{name}` ne se termine pas comme une source : {detail}.",
        "files_too_large": "`{name}` dépasse ce qu’un tel fichier peut avoir, {detail} octets ; "
        "divisez-le.",
        "files_too_many_files": "`{name}` serait un fichier de trop : le corpus et ce qui a été "
        "retiré en ont {detail}. Qui a accès à la machine du bot peut vider `.removed`.",
        "files_no_article": "Il n’y a pas de source `{name}`. Choisissez dans la liste en tapant.",
        "files_no_entry": "Rien n’a été retiré sous `{name}`. Choisissez dans la liste en tapant.",
        "files_last_article": "`{name}` est la dernière source, et il en faut une. Ajoutez-en une "
        "autre avant.",
        "files_place_taken": "`{name}` ne peut pas revenir, car `{detail}` a sa place. Retirez-le "
        "d’abord.",
        "files_stale": "Les fichiers de `{name}` ont changé depuis cet aperçu. Redonnez la "
        "commande.",
        "files_unwritable": "`{name}` : le dossier du corpus ne peut pas être modifié ({detail}). "
        "Prévenez qui fait tourner le bot.",
        "files_unreadable": "`{name}` ne peut pas être lu ({detail}). Prévenez qui fait tourner le "
        "bot.",
        "store_gone": "Je n’atteins pas mes sources en ce moment. Redemandez bientôt, svp.",
        "store_unchangeable": "Ici les sources se changent en fichiers ; puis /reindex.",
        "status_store_gone": "**La grappe des sources ne répond pas** ; voir le journal",
        "failed": "Une erreur s’est produite de mon côté ; elle est consignée. Redemandez, svp.",
    },
}

_LANGUAGE_NAMES = {
    "en": {
        "en": "English", "fr": "French", "es": "Spanish", "de": "German", "it": "Italian",
        "ru": "Russian", "pt": "Portuguese", "nl": "Dutch",
    },
    "fr": {
        "en": "anglais", "fr": "français", "es": "espagnol", "de": "allemand", "it": "italien",
        "ru": "russe", "pt": "portugais", "nl": "néerlandais",
    },
}  # fmt: skip
_NOUNS = {
    "en": {"article": "source", "passage": "passage", "sentence": "sentence", "server": "server"},
    "fr": {"article": "source", "passage": "passage", "sentence": "phrase", "server": "serveur"},
}
_AND = {"en": "and", "fr": "et"}

#: The languages that the bot itself speaks.
LANGUAGES = tuple(_STRINGS)


def say(key: str, language: str, **values: object) -> str:
    """Return a sentence of the bot's own in a language; English where it does not speak it."""
    return _STRINGS.get(language, _STRINGS["en"])[key].format(**values)


def place_of(citation: Citation, language: str) -> str:
    """Where a sentence stands: ``¶ 12, sentence 2``, with its page where the file has pages; of
    passages that are cited as one, their numbers: ``¶ 12–14``.
    """
    if citation.last:
        key = "paragraph" if citation.last == citation.passage else "passages"
        return say(key, language, passage=citation.passage, last=citation.last)
    key = "passage_on_page" if citation.page else "passage"
    place = {"passage": citation.passage, "sentence": citation.sentence}
    return say(key, language, page=citation.page, **place)


def path_of(citation: Citation) -> list[str]:
    """Return the headings that a sentence stands below, and its unit in place of the unit's own
    heading: ``Refunds``; ``Article 5(2), Refunds``. What repeats the title is left out.
    """
    original = citation.article.original
    unit = original.unit_of(original.passages[citation.passage - 1])
    named = {fold(citation.title)}
    if unit and unit.title:
        named.add(fold(unit.title))
    path = []
    for heading in citation.section:
        if fold(heading) in named:
            continue
        found = unit_heading(heading, is_heading=True)
        key = unit.key if unit else None
        if not (found and key and (found.key.kind, found.key.number) == (key.kind, key.number)):
            path.append(heading)
    if unit and citation.unit:
        path.append(f"{citation.unit}, {unit.title}" if unit.title else citation.unit)
    return path


def format_date(date: datetime.date, language: str) -> str:
    """``6 November 2024``, ``6 novembre 2024``, ``1er mai 2024``."""
    month = _MONTHS.get(language, _MONTHS["en"]).split()[date.month - 1]
    day = "1er" if language == "fr" and date.day == 1 else str(date.day)
    return f"{day} {month} {date.year}"


def counted(number: int, noun: str, language: str) -> str:
    """``1 article``, ``22 phrases``; French counts none in the singular, English in the plural."""
    word = _NOUNS.get(language, _NOUNS["en"])[noun]
    single = number < 2 if language == "fr" else number == 1  # noqa: PLR2004
    return f"{number} {word}{'' if single else 's'}"


def language_names(languages: Iterable[str], language: str) -> str:
    """Languages by their names in a language; by their codes where it has no name for them."""
    names = _LANGUAGE_NAMES.get(language, _LANGUAGE_NAMES["en"])
    *others, last = [names.get(code, code) for code in languages]
    return f" {_AND.get(language, _AND['en'])} ".join([", ".join(others), last]) if others else last


def unknown_words(answer: Answer, write: Callable[[str], str] = str) -> list[str]:
    """Return the words that are worth a warning, each with the nearest that the corpus holds.

    ``write`` makes a word fit for where it is shown.
    """
    nearest = dict(answer.nearest)
    shown = []
    for word in answer.missing_words:
        part = quoted(write(word), answer.language)
        if near := nearest.get(word):
            words = ", ".join(quoted(write(one), answer.language) for one in near)
            part = say("nearest", answer.language, word=part, words=words)
        shown.append(part)
    return shown


def missing_unit(missing: MissingUnit, language: str, write: Callable[[str], str] = str) -> str:
    """Say which units a document has in place of one that it lacks.

    ``write`` makes a text fit for where it is shown.
    """
    unit, first, last = (
        write(key.printed(language)) for key in (missing.key, missing.first, missing.last)
    )
    span = first if first == last else say("span", language, first=first, last=last)
    return say("missing_unit", language, title=write(missing.title), unit=unit, span=span)


def quoted(text: str, language: str) -> str:
    """Return a text between the quotation marks of a language."""
    return f"«\u00a0{text}\u00a0»" if language == "fr" else f"“{text}”"


#: Names and descriptions in French, by their English.
FRENCH = {
    "help": "aide",
    "Say how to ask, with questions to try": (
        "Dire comment demander, avec des questions à essayer"
    ),
    "ask": "demander",
    "Ask the corpus a question; the answer is quoted and cited": (
        "Poser une question au corpus ; la réponse est citée mot pour mot"
    ),
    "question": "question",
    "What you want to know, in English or French": (
        "Ce que vous voulez savoir, en français ou en anglais"
    ),
    "in": "dans",
    "The only source to answer from; choose from the list": (
        "La seule source dont tirer la réponse ; choisissez dans la liste"
    ),
    "source": "source",
    "unit": "unité",
    "Show an article or section of a source, or the list of them": (
        "Montrer un article ou une section d’une source, ou leur liste"
    ),
    "The source; choose from the list": "La source ; choisissez dans la liste",
    "Its number or title, such as 5 or Annex II; without it you see the list": (
        "Son numéro ou son titre, comme 5 ou Annexe II ; sans lui vous voyez la liste"
    ),
    "private": "privé",
    "Show the answer to you alone": "Ne montrer la réponse qu’à vous",
    "Find sources": "Trouver des sources",
    "cite": "citer",
    "Show one sentence of the corpus in its passage, by its address": (
        "Montrer une phrase du corpus dans son passage, par son adresse"
    ),
    "address": "adresse",
    "Source, passage and sentence, such as treaty:1.2; choose from the list": (
        "Source, passage et phrase, comme treaty:1.2 ; choisissez dans la liste"
    ),
    "sources": "sources",
    "List the sources that the bot answers from": (
        "Lister les sources dont le bot tire ses réponses"
    ),
    "teach": "apprendre",
    "Say which sentence answers a question, or take it back": (
        "Dire quelle phrase répond à une question, ou l’oublier"
    ),
    "Teach which sentence answers a question; you see it before it is kept": (
        "Apprendre quelle phrase répond à une question, avec un aperçu avant"
    ),
    "The question, in the words that people use": "La question, dans les mots des gens",
    "Source, passage and sentence, such as treaty:1.2; leave it out if nothing answers": (
        "Source, passage et phrase, comme treaty:1.2 ; laissez vide si rien n’y répond"
    ),
    "term": "terme",
    "Teach a name or term that means the same as one of the sources": (
        "Apprendre un nom ou un terme qui veut dire la même chose qu’un de ceux des sources"
    ),
    "The name or term, as people write it": "Le nom ou le terme, comme les gens l’écrivent",
    "means": "signifie",
    "What the sources call it": "Comment les sources l’appellent",
    "Take back what was taught for a question, or a term": (
        "Oublier ce qui a été appris pour une question, ou un terme"
    ),
    "The question or term; choose from the list": (
        "La question ou le terme ; choisissez dans la liste"
    ),
    "list": "liste",
    "List what was taught": "Lister ce qui a été appris",
    "gaps": "lacunes",
    "List what found no answer and what was voted down here": (
        "Lister ce qui est resté sans réponse et ce qui a été jugé mauvais ici"
    ),
    "privacy": "confidentialité",
    "Say what the bot keeps of what is asked": "Dire ce que le bot garde de ce qu’on lui demande",
    "status": "état",
    "Say how the bot is doing: corpus, questions, times, memory": (
        "Dire comment va le bot : corpus, questions, délais, mémoire"
    ),
    "settings": "réglages",
    "See or set how the bot answers in each channel": (
        "Voir ou régler comment le bot répond dans chaque salon"
    ),
    "channel": "salon",
    "The channel or forum; without it, this one": "Le salon ou forum ; sans lui, celui-ci",
    "every_question": "toute_question",
    "Answer every question there without a mention": "Y répondre à toute question sans mention",
    "add_source": "ajouter_source",
    "A source or folder to answer from there; without any, all": (
        "Une source ou un dossier où y puiser ; sans aucun, tous"
    ),
    "remove_source": "retirer_source",
    "A source or folder no longer to answer from there": (
        "Une source ou un dossier où ne plus y puiser"
    ),
    "reindex": "réindexer",
    "Read the corpus again and answer from what it holds now": (
        "Relire le corpus et répondre d’après ce qu’il contient maintenant"
    ),
    "corpus": "corpus",
    "Add, remove and fetch the sources that the bot answers from": (
        "Ajouter, retirer et reprendre les sources dont le bot tire ses réponses"
    ),
    "add": "ajouter",
    "Add a source or a translation, or replace one; you see it before it is kept": (
        "Ajouter ou remplacer une source ou une traduction, avec un aperçu avant"
    ),
    "file": "fichier",
    "The source: .md, .txt, .html, .pdf or .docx; NAME.en.md is a translation of NAME": (
        "La source : .md, .txt, .html, .pdf ou .docx ; NOM.en.md est une traduction de NOM"
    ),
    "title": "titre",
    "Its title, for a .md or .txt file": "Son titre, pour un fichier .md ou .txt",
    "language": "langue",
    "Its language in two letters, such as fr or en": ("Sa langue en deux lettres, comme fr ou en"),
    "remove": "retirer",
    "Remove a source or a translation; it can be put back": (
        "Retirer une source ou une traduction ; cela peut être rendu"
    ),
    "article": "article",
    "The source’s name, or NAME.en for its English translation": (
        "Le nom de la source, ou NOM.en pour sa traduction anglaise"
    ),
    "get": "obtenir",
    "Send you the files of a source as they are kept": (
        "Vous envoyer les fichiers d’une source tels qu’ils sont gardés"
    ),
    "restore": "remettre",
    "Put back what was removed or replaced": "Remettre ce qui a été retiré ou remplacé",
    "entry": "entrée",
    "What to put back, by the time of its removal": (
        "Ce qu’il faut remettre, par l’heure de son retrait"
    ),
}
