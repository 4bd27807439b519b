"""Words that deny or doubt, in the languages that answers come in: "not", "wrong", "perhaps" and what they are there.

A word of an answer that is not understood may be a unit, a noun or a name; it may also be the word that takes the
answer back. These tables are what tells the one from the other where the words are stepped over. `WRONG` calls
something false, `NOT` negates, `DOUBT` leaves it open; all three match whole words.
English stands in the tables of the graders, which read English sentences.
"""

import re
from functools import lru_cache

from reward_server.words.searching import WordPattern

_LITERAL = re.compile(r"[^\W\d_]+")

_WRONG_ALPHABETIC = (
    r"falsch\w*|inkorrekt\w*|unrichtig\w*|ungültig\w*|fehler\w*|irrtum\w*|irrtümlich\w*"  # German
    r"|faux|fausse?s?|incorrecte?s?|erronée?s?|erreur\w*|mauvaise?s?"  # French
    r"|fals[oa]s?|incorrect[oa]s?|equivocad[oa]s?|erróne[oa]s?|errone[oa]s?"  # Spanish
    r"|incorret[oa]s?|errad[oa]s?"  # Portuguese
    r"|sbagliat[oaie]|errat[oaie]|scorrett[oaie]|fals[ie]|inesatt[oaie]"  # Italian
    r"|fout\w{0,4}|onjuiste?|verkeerde?|onwaar|incorrecte"  # Dutch
    r"|fel|felaktig\w*|inkorrekt|falsk\w*|forkert\w*|feil\w{0,3}|galt|usann\w*|uriktig\w*"  # Swedish, Danish, Norwegian
    r"|väär\w+|virheelli\w+|rangt|röng"  # Finnish, Icelandic
    r"|błędn\w+|niepoprawn\w+|nieprawidłow\w+|fałsz\w*|nieprawd\w+|pomyłk\w+|zła|złe|zły"  # Polish
    r"|špatn\w+|nesprávn\w+|chybn\w+|nepravd\w+|zle"  # Czech, Slovak
    r"|netočn\w+|pogrešn\w+|krivo|napačn\w+|neispravn\w+"  # Croatian, Serbian, Slovenian
    r"|hibás\w*|helytelen\w*|téves\w*|rossz"  # Hungarian
    r"|greșit\w*|gresit\w*|incorect\w*|eronat\w*"  # Romanian
    r"|yanlış\w*|yanlis\w*|hatalı\w*|geçersiz|yalan"  # Turkish
    r"|salah\w*|keliru|mali|maling|kosa|makosa|vibaya|uongo|sai|nhầm"  # Indonesian, Tagalog, Swahili, Vietnamese
    r"|неверн\w*|неправильн\w*|ошиб\w*|ложн\w*|ложь|некорректн\w*"  # Russian
    r"|невірн\w*|неправильн\w*|хибн\w*|помилк\w*|грешн\w*|погрешн\w*|нетачн\w*"  # Ukrainian, Bulgarian, Serbian
    r"|λάθος|λανθασμέν\w*|εσφαλμέν\w*|ψευδ\w*"  # Greek
    r"|שגוי\w*|טעות|מוטעה|שקר"  # Hebrew
    r"|(?:ال)?خطأ|(?:ال)?خاطئ\w*|غلط|مغلوط\w*|نادرست|اشتباه"  # Arabic, Persian, Urdu
)
_WRONG_ELSEWHERE = (
    r"गलत|ग़लत|असत्य|त्रुटि|चूक|ভুল|মিথ্যা|తప్పు|தவறு|ખોટ|ತಪ್ಪು|തെറ്റ|ਗਲਤ"
    r"|ผิด|เท็จ|ຜິດ|ខុស|မှား|不正解|誤答|間違|誤り|違い|違う|違って|偽|틀리|틀렸|틀린|오답|거짓|잘못"
    r"|错|誤|不对|不對|不正确|不正確|有误|谬"
)
_NOT_ALPHABETIC = (
    r"nicht|keine?[mnrs]?|nie|niemals|nein|weder|keinesfalls|kaum|non|pas|jamais|aucune?|no|nunca|jamás|tampoco"
    r"|ningun[oa]"
    r"|não|nem|nenhum|mai|nessun[oa]?|niet|geen|nooit|inte|ej|aldrig|ikke|aldri|ei|eivät|ekki|nie|ne|není|nikdy|nije"
    r"|nem|nincs|nu|değil\w*|hayır|bukan|tidak|tak|hindi|không|chẳng|si|siyo|sio|hapana"
    r"|не|нет|ни|никогда|ні|ніколи|није|не е|δεν|όχι|לא|אינו|אינה|ليس\w*|لا|غير|نیست|نه|نہیں|moins|menos|meno|eksi"
    r"|weniger|minder"
)
_NOT_ELSEWHERE = (
    r"नहीं|नही|নয়|নয়|নেই|কখনও|కాదు|లేదు|இல்லை|அல்ல|नाही|નથી|ಅಲ್ಲ|അല്ല|ਨਹੀਂ|ไม่|ບໍ່|មិន|မဟုတ်"
    r"|ない|ません|ではな|じゃな|いいえ|아니|아닙|아닌|않|없|못|不|没|沒|非|未|否|勿|≠|¬"
)
_DOUBT_ALPHABETIC = (
    r"vielleicht|möglicherweise|vermutlich|wahrscheinlich|peut-être|probablement|quizás?|tal vez|posiblemente"
    r"|probablemente|talvez|possivelmente|provavelmente|forse|probabilmente|misschien|waarschijnlijk|kanske|måske"
    r"|kanskje"
    r"|ehkä|może|chyba|prawdopodobnie|možná|asi|možda|talán|poate|probabil|belki|muhtemelen|mungkin|barangkali|siguro"
    r"|có thể|có lẽ|labda|возможно|наверное|наверно|вероятно|может|можливо|може|може би|ίσως|אולי|ربما|شاید"
    r"|oder|ou|oppure|lub|albo|nebo|vagy|sau|veya|atau|hoặc|или|або|או|أو"
)
_DOUBT_ELSEWHERE = (
    r"शायद|হয়তো|బహుశా|ஒருவேளை|อาจ|かもしれ|多分|たぶん|おそらく|아마|可能|也许|也許|大概|或许|或許|또는|または|หรือ"
    r"|(?<![\u0900-\u097f])या(?![\u0900-\u097f])|(?<![\u0980-\u09ff])বা(?![\u0980-\u09ff])"
)


def _needed(alternatives: str) -> str:
    """Return the words and stems one of which an ASCII match of the alternatives holds; ı is i in any case."""
    needed: list[str] = []
    for alternative in alternatives.replace("ı", "i").split("|"):
        literal = _LITERAL.match(alternative)
        stem = literal[0][:-1] if literal and alternative[literal.end() :][:1] == "?" else literal and literal[0]
        if stem and stem.isascii():
            is_whole = literal is not None and alternative[literal.end() :][:1] in {"", " ", "-", "'"}
            needed.append(stem if is_whole else stem + "*")
    return " ".join(needed)


def _whole_words(alphabetic: str, elsewhere: str) -> WordPattern:
    return WordPattern(rf"(?<!\w)(?:{alphabetic})(?!\w)|{elsewhere}", _needed(alphabetic))


WRONG = _whole_words(_WRONG_ALPHABETIC, _WRONG_ELSEWHERE)
"""Calls something wrong."""
NOT = _whole_words(_NOT_ALPHABETIC, _NOT_ELSEWHERE)
"""Negates, in Chinese and Thai also as a part of a longer word."""
DOUBT = _whole_words(_DOUBT_ALPHABETIC, _DOUBT_ELSEWHERE)
"""Leaves open, or offers an alternative."""


@lru_cache(maxsize=4096)
def denies_elsewhere(words: str) -> bool:
    """Tell whether words of another language than English deny or doubt what stands beside them."""
    return any(pattern.search(words) is not None for pattern in (WRONG, NOT, DOUBT))
