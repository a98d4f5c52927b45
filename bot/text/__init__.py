"""Words, sentences and languages; knows no file."""
