"""Words: normalisations of short answers and comparison under them; scripts and the languages written in them."""
