r"""What stands behind an announced answer: does the completion withdraw it, or state another one?

"\boxed{42}. Wait, it should be 11", "\boxed{42} is wrong" and "The answer is not \boxed{42}" do not say 42. What is
withdrawn is no answer; what is stated anew is an answer side by side with the announced one, so that both must be
right. A remark that repeats the announced value, or affirms it ("yes, that checks out"), takes a doubt back.

Only the end of a completion is read so, sentence by sentence, by written forms: a cue ("wait", "actually", "no,"),
a statement about the answer, or both. Sentences that suppose something state nothing. Linear in the text.
"""

import re
from typing import NamedTuple

from reward_server.extraction.assertion import denied_in_place, is_english
from reward_server.words.denials import NOT, WRONG

split = str.split


class Afterthought(NamedTuple):
    """What is said of an answer behind it: that it is withdrawn, or another value that is stated instead."""

    withdrawn: bool
    value: str


_WINDOW = 20_000
_LONGEST = 400
"""Characters of a sentence that are read."""
_CLOSES = re.compile(r"(?:</?\w{1,12}>|[\s$)\]}*_\"'`.。,，;；:：!？?！–—-]|\\[)\]])*")
_CLOSING = " \t\r\n.$)]}*\"'"
_SENTENCE = re.compile(r"[^\n.!?。！？]*(?:[.!?](?![\s$*)\"'\]]|$)[^\n.!?。！？]*)*[\n.!?。！？]?")
_NUMBER_WORD = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_NUMERAL = (
    r"(?:\*\*|\()?(?:\$[^$\n]{1,200}\$|\\\(.{1,200}?\\\)"
    r"|[-−+]?\s?[$£€¥]?\.?\d[\d,./]*%?(?:\s?[A-Za-z°]{1,12}(?![A-Za-z]))?"
    rf"|[-−]?\\(?:[dt]?frac|sqrt|pi|infty)[^\s.!?]*|[-−]?[√π∞]\S*|(?:{_NUMBER_WORD})(?:[ -](?:{_NUMBER_WORD}))*"
    r"(?:[ -](?:half|halves|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?))?\b"
    r"|\(?(?-i:[A-J])\)?(?![\w'’]))"
)
_FEW_WORDS = r"(?!(?:the\s+)?(?:answer|question|problem)\b)[^\W\d_][\w'’-]*(?:\s[\w'’-]+){0,3}"
_CUE = (
    r"(?:but|and|so|oh|ah|well|ok|okay)?[\s,]*(?:wait|hold on|hang on|hmm+|actually|no+|nope|oops|sorry|apologies"
    r"|correction"
    r"|scratch that|on second thoughts?|rather|in fact|edit|update|just kidding|my (?:bad|mistake)|never ?mind|i "
    r"mean[t]?"
    r"|let me (?:re|double|correct)\w*|re-?(?:check|comput|calculat|consider|think)\w*|correcting|however|instead"
    r"|really"
    r"|or(?: (?:maybe|perhaps|rather|possibly))?|but)\b"
)
_CUED = re.compile(rf"(?i)[\W_]*(?:{_CUE}[\s,.:;!…—–-]*)+")
_CUE_WITHIN = re.compile(
    r"(?i)\b(?:wait|actually|oops|sorry|correction|mistake\w*|error|instead|rather|wrong|incorrect|on second thought"
    r"|scratch that|not right|not correct|in fact)\b"
)
_ADVERBS = r"(?:\s*(?:actually|really|instead|rather|in fact|indeed|just|simply|equal to|exactly)\b)*"
_SUBJECT = (
    r"(?:(?:the|my|our)\s+)?(?:(?:correct|right|real|true|actual|final|proper|new|corrected|whole)\s+)*"
    r"(?:answer|result|value|total|number|solution|sum|count|probability|box)\b[^.\n=:]{0,40}?"
)
_BE = (
    r"(?:\s*(?:=|:)|['’]s\b|\s+(?:is|are|was|equals?|becomes|gives|(?:should|must|would|has to|ought to|needs to)"
    r"(?:\s+(?:actually|really|instead|rather))?\s+(?:be|equal|read|have been))\b)"
)
_SHOULD = r"\s+(?:should|ought to|has to|needs to)(?:\s+(?:actually|really|instead|rather))?\s+(?:be|have been|read)\b"
_ANNOUNCES_ANEW = re.compile(
    rf"(?i)\b(?:(?:(?:correct|right|real|true|actual|corrected)\s+(?:answer|result|value|solution)"
    rf"|answer)\b[^.\n=:]{{0,40}}?"
    rf"{_BE}|(?:it|that|this|box){_SHOULD}|(?:i\s+meant(?:\s+to (?:say|write))?|make (?:it|that)|change (?:it|that"
    rf"|this|the answer) to"
    rf"|replace\s+(?:it\s+|that\s+)?(?:with|by)|not\s+\S{{1,20}}\s*,?\s*but|edit:|correction:|update:"
    rf"|final:)){_ADVERBS}[\s:*]*"
    rf"(?P<value>{_NUMERAL}|(?P<words>{_FEW_WORDS})\W*$)"
)
_STATES = re.compile(
    rf"(?i)(?:\b(?:{_SUBJECT}{_BE}|(?:it|that|this|which|there|[xyn]){_BE}|i\s+(?:now\s+)?(?:get|got|find|found|obtain)"
    r"|(?:we|which|that)\s+(?:now\s+)?(?:get|obtain|gives?)|so|thus|hence|therefore|giving|becomes?|but|instead|rather)"
    rf"|=>?|⇒){_ADVERBS}[\s:*]*(?:we (?:get|have)\s+|it(?:['’]s| is)\s+)?(?P<value>{_NUMERAL})"
    r"(?=\W*(?:instead|actually|now|then|in total|[A-Za-z]{2,12})?\W*$)"
)
_ONLY = re.compile(rf"(?i)[^\w=≈~\\]*?(?P<value>{_NUMERAL})(?:\s+(?:instead|actually|rather))?\W*$")
_IS_RIGHT = re.compile(rf"(?i)(?<!\w)(?P<value>{_NUMERAL})\s+(?:is|was)\s+(?:the\s+)?(?:correct|right|true|final)\b")
_ONLY_WORDS = re.compile(r"\W*(?P<value>[^\W\d_][\w'’-]*(?:\s[\w'’-]+)?)\W*$")
_NO_ANSWER = re.compile(
    r"(?i)(?:noted|mentioned|clear|obvious|easy|fine|right|correct|enough|ok|okay|good|great|done|simplified|true|known"
    r"|final|it|that|this|valid|consistent|the same|same|positive|negative|possible|verified|checked|careful|as|in"
    r"|given"
    r"|found|rounded|expressed|written|left|put|boxed|above|below|here|a|an|yes|sure)\b"
)
_THAT = (
    r"[\W_]*(?:(?:but|and|however|wait|no|actually|hmm+|oh|sorry|oops|so|although|though|or"
    r"|unfortunately)\b[\s,.:;!…—–-]*)*"
    r"(?:i (?:think|believe|realize|see)(?: that)?\s+)?(?:(?:that|this|it|which)|(?:the|my|this|that)\s+(?:(?:above"
    r"|previous|boxed|given|first"
    r"|final|last|earlier|stated)\s*)*(?:answer|result|value|solution|box|calculation|computation|work)?(?:\s+above)?)"
)
_WITHDRAWS = re.compile(
    rf"(?i){_THAT}(?:(?:['’]s|\s+(?:is|was|are|looks|seems|must be|appears(?: to be)?))(?:\s+(?:actually|really"
    rf"|clearly|definitely|probably"
    r"|of course|all|also|completely|totally))*\s+(?:wrong|incorrect|mistaken|erroneous|false|a mistake|an error"
    r"|not\s+(?:quite\s+|"
    r"actually\s+|really\s+)?(?:right|correct|true|it|the\s+(?:right |correct |final )?(?:answer|result|value)|what))"
    r"|\s*(?:isn['’]t|wasn['’]t|can(?:no|['’])t be|doesn['’]t (?:look|seem))\s+(?:quite\s+)?(?:right|correct|true"
    r"|it\b|the\b))"
    r"|[\W_]*(?:(?:but|wait|no|oh|actually|please|sorry|hmm+|oops)\b[\s,.:;!…—–-]*)*"
    r"(?:scratch that|(?:ignore|disregard|forget|strike|discard)\s+(?:that|this|it|my|the)\b|i (?:take|took) (?:that"
    r"|it) back|never ?mind"
    r"|i (?:was|am) (?:wrong|mistaken)|i(?:['’]ve| have)? (?:made|see|found|spotted|miscounted|misread"
    r"|miscalculated)\b(?: (?:a|an|my|the)"
    r"(?: \w+)? (?:mistake|error|slip))?|just kidding|i retract|i withdraw|i doubt (?:it|that|this|the)"
    r"|there(?:['’]s| is) an? (?:\w+ )?"
    r"(?:mistake|error)|(?:wrong|incorrect|no|nope)\W*$|(?:wait|no|hmm+)[\s,]+(?:no|wait)\W*$)"
)
_SUPPOSES = re.compile(
    r"(?i)\b(?:if|suppose|supposing|assum\w+|unless|whether|had we|were we|would have|for example|e\.g\.|note that"
    r"|for instance)\b|如果|假设|若"
)
_AFFIRMS = re.compile(
    r"(?i)\b(?:yes|yep|correct|indeed|confirm\w*|verif(?:y|ies|ied)|checks? out|matches|holds|as (?:expected|desired"
    r"|required)|consistent"
    r"|that['’]?s right|is right|good|same|agrees?|works?|satisf\w+)\b|✓|✔|正确|符合|成立|没错"
)
_ELSEWHERE = re.compile(
    r"(?i)\b(?:warte|moment|halt|eigentlich|korrektur|entschuldigung|doch|sondern|attends|attendez|en fait|pardon"
    r"|désolée?|plutôt|espera"
    r"|en realidad|perdón|corrección|mejor dicho|debería|espere|na verdade|desculpe|correção|deveria|aspetta|in "
    r"realtà|scusa|correzione"
    r"|dovrebbe|подождите|стоп|на самом деле|извините|вернее|исправление|точнее|должно|bekle|aslında|düzeltme|olmalı"
    r"|czekaj|właściwie"
    r"|przepraszam|korekta|poprawka|powinno|tunggu|sebenarnya|maaf|koreksi|seharusnya|subiri|samahani|khoan|thực ra"
    r"|xin lỗi|đợi|vänta"
    r"|egentligen|vent|faktisk|wacht|eigenlijk|sorry)\b|等等|等一下|实际上|其实|更正|抱歉|应该是|应该为|应是|应为|改为|而是|待って|実は|訂正|すみません"
    r"|やはり|やっぱり|잠깐|잠시만|사실|죄송|정정|รอ|ขอโทษ|จริง|रुको|रुकिए|माफ|दरअसल|वास्तव|থামুন|আসলে|দুঃখিত|ఆగండి|నిజానికి|క్షమించండి"
    r"|انتظر|في الواقع|عفو|آسف|تصحيح"
)
_FOREIGN = re.compile(r"[^\x00-\x7f\u2010-\u2027\u2190-\u22ff]")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TRIGGERS = frozenset(
    split("wait hold hang hm hmm hmmm hmmmm actually no nope not oops sorry apologies correction corrected correct "
          "correcting corrects scratch second rather fact edit update kidding my never nevermind mean meant let "
          "however instead really or but answer answers should ought has needs make change replace final wrong "
          "mistake mistakes mistaken error errors erroneous false right ignore disregard forget strike discard take "
          "took i isn wasn can cannot doesn real true value values actual re recheck rechecking recheckin recompute "
          "recomputing recalculate recalculating reconsider reconsidering rethink rethinking warte moment halt "
          "eigentlich korrektur entschuldigung doch sondern falsch attends attendez fait pardon faux fausse espera "
          "realidad mejor falso falsa verdade desculpe deveria errado errada aspetta scusa correzione dovrebbe "
          "sbagliato sbagliata errato errata bekle aslinda yanlis czekaj przepraszam korekta poprawka powinno "
          "tunggu sebenarnya maaf koreksi seharusnya salah keliru subiri samahani kosa makosa vibaya khoan sai vent "
          "faktisk egentlig wacht eigenlijk fout onjuist verkeerd fel felaktig forkert feil galt mali maling "
          "incorrecto incorrecta incorrect incorreto incorreta equivocado equivocada gresit chyba rossz hapana "
          "tidak bukan nein")
)  # fmt: skip
"""Words one of which each of the forms below holds in Latin letters; a sentence without any of them says no more."""
_WORDS = re.compile(r"[a-z]+")
_SHORT = 60
_TELLING = 3
"""Characters of a value that are found again even without the blanks around them."""
_LETTER = re.compile(r"(?<![A-Za-z'’])[A-J](?![A-Za-z'’])")
"""An option's letter: what is said behind another one is said of that one."""


def afterthought(text: str, start: int, end: int, said: str, *, in_words: bool = False) -> Afterthought | None:
    """Return what the completion says of an answer announced in `text[start:end]`; None where it lets it stand.

    What stands in front of an answer is looked at too, unless it was announced `in_words`, which have been judged.
    """
    rest = text[end : end + _WINDOW]
    if in_words and not rest.strip(_CLOSING):
        return None
    behind = rest[_CLOSES.match(rest).end() :]  # type: ignore[union-attr]
    before = "" if in_words else text[max(0, start - 80) : start].rpartition("\n")[2]
    if denied_in_place(before, behind, rest):
        return Afterthought(withdrawn=True, value="")
    if not behind:
        return None
    only = _ONLY.fullmatch(behind) if len(behind) < _SHORT else None
    value = only["value"] if only is not None and not _same(said, only["value"]) else ""
    if not _may_matter(behind):
        behind = ""
    withdrawn = cued = elsewhere = False
    for match in _SENTENCE.finditer(behind):
        sentence = match[0][:_LONGEST].strip()
        if not sentence:
            continue
        letters = set(_LETTER.findall(sentence)) if _LETTER.fullmatch(said) else set()
        elsewhere = (elsewhere or bool(letters)) and said not in letters
        if not (cued or value or withdrawn or _may_matter(sentence)):
            continue
        withdraws = not elsewhere and _withdraws(sentence) and not _SUPPOSES.search(sentence)
        stated = _stated(sentence, said, cued=cued or withdrawn)
        if (stated and _same(said, stated)) or (not withdraws and (cued or value) and _affirms(sentence, said)):
            withdrawn, value, cued = withdraws, "", False
            continue
        withdrawn, value = withdrawn or withdraws, stated or value
        cued = cued or _is_cued(sentence)
    if _LETTER.fullmatch(value.strip("()")) and not _LETTER.fullmatch(said.strip("()")):
        value = ""  # a letter in front of what it stands for
    return Afterthought(withdrawn, value) if withdrawn or value else None


def _may_matter(text: str) -> bool:
    """Tell whether any of the forms may stand in a text, by its words alone."""
    return not text.isascii() or not _TRIGGERS.isdisjoint(_WORDS.findall(text.lower()))


def _withdraws(sentence: str) -> bool:
    if _WITHDRAWS.match(sentence) is not None:
        return True
    if len(sentence) > _SHORT or any(map(str.isdigit, sentence)) or is_english(sentence):
        return False
    return WRONG.search(sentence) is not None


def _is_cued(sentence: str) -> bool:
    return (
        _CUED.match(sentence) is not None
        or _CUE_WITHIN.search(sentence) is not None
        or _ELSEWHERE.search(sentence) is not None
    )


def _affirms(sentence: str, said: str) -> bool:
    return (_AFFIRMS.search(sentence) is not None and NOT.search(sentence) is None) or _same(said, sentence)


def _stated(sentence: str, said: str, *, cued: bool) -> str:
    """Return the value that a sentence states as the answer; empty where it states none."""
    if _SUPPOSES.search(sentence) or sentence.endswith("?"):
        return ""
    in_words = not any(map(str.isdigit, said))
    anew = list(_ANNOUNCES_ANEW.finditer(sentence))
    if anew:
        words = anew[-1]["words"]
        if words is None or (in_words and not _NO_ANSWER.match(words)):
            return anew[-1]["value"].strip()
    opening = _CUED.match(sentence)
    cued = cued or opening is not None or _CUE_WITHIN.search(sentence) is not None
    if cued:
        value = _stated_behind_cue(
            sentence[opening.end() :] if opening else sentence, in_words=in_words and bool(opening)
        )
        if value:
            return value
    if _FOREIGN.search(sentence) or _ELSEWHERE.search(sentence):
        corrects = cued or any(pattern.search(sentence) for pattern in (_ELSEWHERE, WRONG, NOT))
        numbers = _DIGITS.findall(sentence)
        if corrects and numbers and len(sentence) <= 2 * _SHORT:
            return numbers[-1]  # type: ignore[no-any-return]
    return ""


def _stated_behind_cue(body: str, *, in_words: bool) -> str:
    found = _ONLY.fullmatch(body) or next(iter([*_STATES.finditer(body)][-1:]), None) or _IS_RIGHT.search(body)
    if found is None and in_words:
        found = _ONLY_WORDS.fullmatch(body)
        if found is not None and _NO_ANSWER.match(found["value"]):
            found = None
    return found["value"].strip() if found is not None else ""


def _same(said: str, remark: str) -> bool:
    """Tell whether a remark repeats the value that was announced, as it was written or as the same number."""
    wanted = re.sub(r"[^\w./%-]", "", said).casefold().strip(".")
    if not wanted:
        return False
    given = re.sub(r"[^\w./%\s-]", "", remark).casefold()
    if _holds_word(given, wanted):
        return True
    if " " in said and _DIGITS.findall(said) == _DIGITS.findall(remark) != []:
        return True
    return len(wanted) >= _TELLING and wanted in re.sub(r"\s", "", given)


def _holds_word(text: str, word: str) -> bool:
    """Tell whether a word or number stands in a text, not inside a longer one."""
    place = text.find(word)
    while place >= 0:
        before, behind = text[place - 1 : place], text[place + len(word) : place + len(word) + 2]
        apart = not (before.isalnum() or before in {".", "_"} or behind[:1].isalnum() or behind[:1] == "_")
        if apart and not (behind[:1] == "." and behind[1:].isdigit()):
            return True
        place = text.find(word, place + 1)
    return False
