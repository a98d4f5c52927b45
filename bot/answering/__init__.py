"""From a question to an answer; knows no process."""
