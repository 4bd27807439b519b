"""Scripts and the languages that are written in them: what tells a language without a model.

Ranges are Unicode's blocks. Scripts of one language are in `OWN_SCRIPT`; the others in `SHARED`, with the languages
among which CLD2 can choose.
"""

import re

_SCRIPTS = {
    "han": "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]",
    "kana": "[\u3040-\u30ff\uff66-\uff9f]",
    "hangul": "[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]",
    "thai": "[\u0e00-\u0e3a\u0e40-\u0e7f]",
    "lao": "[\u0e80-\u0eff]",
    "khmer": "[\u1780-\u17ff]",
    "burmese": "[\u1000-\u109f]",
    "tibetan": "[\u0f00-\u0fff]+",
    "greek": "[\u0370-\u03ff\u1f00-\u1fff]{2,}",
    "hebrew": "[\u0590-\u05ff]+",
    "armenian": "[\u0530-\u058f]+",
    "georgian": "[\u10a0-\u10ff\u1c90-\u1cbf]+",
    "ethiopic": "[\u1200-\u137f]+",
    "bengali": "[\u0980-\u09ff]+",
    "gurmukhi": "[\u0a00-\u0a7f]+",
    "gujarati": "[\u0a80-\u0aff]+",
    "oriya": "[\u0b00-\u0b7f]+",
    "tamil": "[\u0b80-\u0bff]+",
    "telugu": "[\u0c00-\u0c7f]+",
    "kannada": "[\u0c80-\u0cff]+",
    "malayalam": "[\u0d00-\u0d7f]+",
    "sinhala": "[\u0d80-\u0dff]+",
    "cyrillic": "[\u0400-\u052f]+",
    "arabic": "[\u0600-\u06ff\u0750-\u077f]+",
    "devanagari": "[\u0900-\u0963\u0966-\u097f]+",
    "latin": "[A-Za-z\u00aa-\u024f\u1e00-\u1eff][A-Za-z\u00aa-\u024f\u1e00-\u1eff\u0300-\u036f]+",
}
WORD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SCRIPTS.items()))
"""A word, or in scripts without blanks a character; the group that matched is its script."""
LATIN_WORD = re.compile(_SCRIPTS["latin"])
OTHER_THAN_LATIN = re.compile("[^\x00-\u036f\u2000-\u206f]")
"""What may be of another script; a text without it has no other `WORD` than Latin ones."""

OWN_SCRIPT = {
    "chinese": "zh",
    "hangul": "ko", "kana": "ja", "thai": "th", "lao": "lo", "khmer": "km", "burmese": "my", "tibetan": "bo",
    "greek": "el", "hebrew": "he", "armenian": "hy", "georgian": "ka", "gurmukhi": "pa", "gujarati": "gu",
    "oriya": "or", "tamil": "ta", "telugu": "te", "kannada": "kn", "malayalam": "ml", "sinhala": "si",
}  # fmt: skip
"""Script → the language it tells."""

_LATIN = frozenset(
    [
        "af",
        "az",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "en",
        "es",
        "et",
        "eu",
        "fi",
        "fil",
        "fr",
        "ga",
        "gl",
        "ha",
        "hr",
        "hu",
        "id",
        "is",
        "it",
        "lt",
        "lv",
        "mg",
        "ms",
        "mt",
        "nl",
        "no",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "so",
        "sq",
        "st",
        "su",
        "sv",
        "sw",
        "tl",
        "tr",
        "uz",
        "vi",
        "xh",
        "yo",
        "zu",
    ]
)
SHARED = {
    "latin": _LATIN,
    "cyrillic": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg"}),
    "arabic": frozenset({"ar", "fa", "ur", "ps"}),
    "devanagari": frozenset({"hi", "mr", "ne"}),
    "bengali": frozenset({"bn", "as"}),
    "ethiopic": frozenset({"am", "ti"}),
}
"""Script → the languages that share it."""

ALIKE = frozenset(
    {("ms", "id"), ("id", "ms"), ("hr", "sr"), ("bs", "hr"), ("hr", "bs"), ("sr", "bs"), ("nb", "no"), ("gl", "pt")}
)
"""(what CLD2 says, what it then cannot tell from it)."""

LANGUAGES = frozenset({"zh", *OWN_SCRIPT.values()}).union(*SHARED.values())

NAMES = {
    "english": "en", "chinese": "zh", "mandarin": "zh", "german": "de", "french": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "russian": "ru", "arabic": "ar", "turkish": "tr", "polish": "pl",
    "swahili": "sw", "thai": "th", "indonesian": "id", "japanese": "ja", "korean": "ko", "hindi": "hi",
    "vietnamese": "vi", "bengali": "bn", "telugu": "te", "tamil": "ta", "georgian": "ka", "greek": "el", "hebrew": "he",
    "dutch": "nl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "czech": "cs",
    "hungarian": "hu", "romanian": "ro", "ukrainian": "uk", "bulgarian": "bg", "persian": "fa", "farsi": "fa",
    "urdu": "ur", "marathi": "mr", "nepali": "ne", "armenian": "hy", "catalan": "ca", "croatian": "hr", "slovak": "sk",
    "malay": "ms", "filipino": "tl", "tagalog": "tl", "punjabi": "pa", "gujarati": "gu", "kannada": "kn",
    "malayalam": "ml", "burmese": "my", "khmer": "km", "lao": "lo", "amharic": "am",
    "eng": "en", "zho": "zh", "chi": "zh", "cmn": "zh", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es",
    "ita": "it", "por": "pt", "rus": "ru", "ara": "ar", "tur": "tr", "pol": "pl", "swa": "sw", "tha": "th", "ind": "id",
    "jpn": "ja", "kor": "ko", "hin": "hi", "vie": "vi", "ben": "bn", "tel": "te", "tam": "ta", "nb": "no", "nn": "no",
    "iw": "he", "in": "id", "fil": "tl",
}  # fmt: skip
"""English names, ISO 639-2 codes and old codes → ISO 639-1."""
