"""What we promise the readers and writers of our topics: JSON Schemas and an AsyncAPI document, made from the records and `topics.yml`.

Nothing at run time needs this package. `python -m streams.contracts write` makes the files again, `check` says what is stale or broken.
"""
