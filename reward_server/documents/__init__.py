"""Documents a completion writes (JSON, YAML, TOML, XML, CSV): found, read strictly, checked against a JSON Schema.

A document is read once and as one value: a duplicate key, `NaN`, a comment in JSON, an alias in YAML or a document type
declaration in XML is refused by name, because two readers may see two documents there.
"""
