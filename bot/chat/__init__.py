"""The Discord side: a thin shell around the library."""
