"""The written forms of remarks behind an answer: what withdraws it, replaces it, affirms it or supposes something."""

import re

from reward_server.words.searching import WordPattern

split = str.split

CLOSES = re.compile(r"(?:</?\w{1,12}>|[\s$)\]}*_\"'`.。,，;；:：!？?！–—-]|\\[)\]])*")
CLOSING = " \t\r\n.$)]}*\"'"
SENTENCE = re.compile(r"[^\n.!?。！？]*(?:[.!?](?![\s$*)\"'\]]|$)[^\n.!?。！？]*)*[\n.!?。！？]?")
_NUMBER_WORD = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
NUMERAL = (
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
CUED = re.compile(rf"(?i)[\W_]*(?:{_CUE}[\s,.:;!…—–-]*)+")
CUE_WITHIN = WordPattern(
    r"\b(?:wait|actually|oops|sorry|correction|mistake\w*|error|instead|rather|wrong|incorrect|on second thought"
    r"|scratch that|not right|not correct|in fact)\b",
    "wait actually oops sorry correction mistake* error instead rather wrong incorrect second scratch not fact",
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
ANNOUNCES_ANEW = re.compile(
    rf"(?i)\b(?:(?:(?:correct|right|real|true|actual|corrected)\s+(?:answer|result|value|solution)"
    rf"|answer|truth)\b[^.\n=:]{{0,40}}?"
    rf"{_BE}|(?:it|that|this|box){_SHOULD}|(?:i\s+meant(?:\s+to (?:say|write))?|make (?:it|that)|change (?:it|that"
    rf"|this|the answer) to"
    rf"|replace\s+(?:it\s+|that\s+)?(?:with|by)|not\s+\S{{1,20}}\s*,?\s*but|edit:|correction:|update:"
    rf"|final:)){_ADVERBS}[\s:*]*"
    rf"(?P<value>{NUMERAL}|(?P<words>{_FEW_WORDS})\W*$)"
)
STATES = re.compile(
    rf"(?i)(?:\b(?:{_SUBJECT}{_BE}|(?:it|that|this|which|there|[xyn]){_BE}|i\s+(?:now\s+)?(?:get|got|find|found|obtain)"
    r"|(?:we|which|that)\s+(?:now\s+)?(?:get|obtain|gives?)|so|thus|hence|therefore|giving|becomes?|but|instead|rather)"
    rf"|=>?|⇒){_ADVERBS}[\s:*]*(?:we (?:get|have)\s+|it(?:['’]s| is)\s+)?(?P<value>{NUMERAL})"
    r"(?=\W*(?:instead|actually|now|then|in total|[A-Za-z]{2,12})?\W*$)"
)
ONLY = re.compile(rf"(?i)[^\w=≈~\\]*?(?P<value>{NUMERAL})(?:\s+(?:instead|actually|rather))?\W*$")
IS_RIGHT = re.compile(rf"(?i)(?<!\w)(?P<value>{NUMERAL})\s+(?:is|was)\s+(?:the\s+)?(?:correct|right|true|final)\b")
ONLY_WORDS = re.compile(r"\W*(?P<value>[^\W\d_][\w'’-]*(?:\s[\w'’-]+)?)\W*$")
NO_ANSWER = re.compile(
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
WITHDRAWS = re.compile(
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
SUPPOSES = WordPattern(
    r"\b(?:if|suppose|supposing|assum\w+|unless|whether|had we|were we|would have|for example|e\.g\.|note that"
    r"|for instance)\b|如果|假设|若",
    "if suppose supposing assum* unless whether had were would example e note instance",
)
AFFIRMS = WordPattern(
    r"\b(?:yes|yep|correct|indeed|confirm\w*|verif(?:y|ies|ied)|checks? out|matches|holds|as (?:expected|desired"
    r"|required)|consistent"
    r"|that['’]?s right|is right|good|same|agrees?|works?|satisf\w+)\b|✓|✔|正确|符合|成立|没错",
    "yes yep correct indeed confirm* verif* check checks matches holds expected desired required consistent right good "
    "same agree agrees work works satisf*",
)
ELSEWHERE = WordPattern(
    r"\b(?:warte|moment|halt|eigentlich|korrektur|entschuldigung|doch|sondern|attends|attendez|en fait|pardon"
    r"|désolée?|plutôt|espera"
    r"|en realidad|perdón|corrección|mejor dicho|debería|espere|na verdade|desculpe|correção|deveria|aspetta|in "
    r"realtà|scusa|correzione"
    r"|dovrebbe|подождите|стоп|на самом деле|извините|вернее|исправление|точнее|должно|bekle|aslında|düzeltme|olmalı"
    r"|czekaj|właściwie"
    r"|przepraszam|korekta|poprawka|powinno|tunggu|sebenarnya|maaf|koreksi|seharusnya|subiri|samahani|khoan|thực ra"
    r"|xin lỗi|đợi|vänta"
    r"|egentligen|vent|faktisk|wacht|eigenlijk|sorry)\b|等等|等一下|实际上|其实|更正|抱歉|应该是|应该为|应是|应为|改为|而是|待って|実は|訂正|すみません"
    r"|やはり|やっぱり|잠깐|잠시만|사실|죄송|정정|รอ|ขอโทษ|จริง|रुको|रुकिए|माफ|दरअसल|वास्तव|থামুন|আসলে|দুঃখিত|ఆగండి|నిజానికి|క్షమించండి"
    r"|انتظر|في الواقع|عفو|آسف|تصحيح",
    "warte moment halt eigentlich korrektur entschuldigung doch sondern attends attendez fait pardon espera realidad "
    "mejor espere verdade desculpe deveria aspetta scusa correzione dovrebbe bekle aslinda olmali czekaj przepraszam "
    "korekta poprawka powinno tunggu sebenarnya maaf koreksi seharusnya subiri samahani khoan egentligen vent faktisk "
    "wacht eigenlijk sorry",
)
FOREIGN = re.compile(r"[^\x00-\x7f\u2010-\u2027\u2190-\u22ff]")
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
TRIGGERS = frozenset(
    split("wait hold hang hm hmm hmmm hmmmm actually no nope not oops sorry apologies correction corrected correct "
          "correcting corrects scratch second rather fact edit update kidding my never nevermind mean meant let "
          "however instead really or but truth answer answers should ought has needs make change replace final wrong "
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
WORDS = re.compile(r"[a-z]+")
LETTER = re.compile(r"(?<![A-Za-z'’])[A-J](?![A-Za-z'’])")
"""An option's letter: what is said behind another one is said of that one."""
