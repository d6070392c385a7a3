"""Tables in files: delimited text, Parquet and lines of JSON, read in chunks as pandas frames."""
