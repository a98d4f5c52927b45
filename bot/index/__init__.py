"""What is searched: arrays built from articles; knows no question."""
