"""One module a file format: from bytes to a document; knows no article."""
