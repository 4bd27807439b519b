"""Reward parts on real texts: thirty languages pure and mixed, loops without blanks, templates with end tokens."""

import itertools

import pytest
from pydantic import ValidationError

from reward_server import rewards
from reward_server.graders import Completion
from reward_server.verdict import Outcome, Verdict

_RIGHT = Verdict(Outcome.CORRECT, 1.0, "x", {"method": "x"})

SENTENCES = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand.",
    "sv": "Alla människor är födda fria och lika i värde och rättigheter. De har utrustats med förnuft och samvete.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem.",
    "cs": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím.",
    "hu": "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek ésszel bírnak.",
    "fi": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki.",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler.",
    "vi": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. Mọi người đều có lý trí.",
    "id": "Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama. Mereka dikaruniai akal.",
    "sw": "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa. Wote wamejaliwa akili na dhamiri.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю.",
    "bg": "Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест.",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון.",
    "ar": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً.",
    "fa": "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "bn": "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। তাঁদের বিবেক এবং বুদ্ধি আছে।",
    "ta": "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும் உரிமைகளிலும் சமமானவர்கள்.",
    "te": "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును నగుదురు.",
    "ka": "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 이성과 양심을 부여받았다.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "zh": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
}


def _part(name: str, completion: str | Completion, **options: object) -> float:
    part = rewards.discover()[name]
    text = completion if isinstance(completion, Completion) else Completion(completion)
    value = part.measure(part.options.model_validate(options), text, _RIGHT)
    assert value is not None
    return value


@pytest.mark.parametrize("target", SENTENCES)
def test_a_pure_text_is_in_its_language_and_in_no_other(target: str):
    text = " ".join([SENTENCES[target]] * 3)
    assert _part("language", text, target=target) >= 0.9
    wrong = {other: _part("language", text, target=other) for other in SENTENCES if other != target}
    assert max(wrong.values()) <= 0.1, wrong


_TOO_NEAR = {("pl", "cs"), ("ru", "uk"), ("uk", "bg")}
"""CLD2 takes alternating sentences of these for one language."""


@pytest.mark.parametrize(("one", "other"), sorted(set(itertools.pairwise(SENTENCES)) - _TOO_NEAR))
def test_a_mixed_text_counts_by_its_share(one: str, other: str):
    text = "\n".join([SENTENCES[one], SENTENCES[other]] * 4)
    shares = [_part("language", text, target=target) for target in (one, other)]
    assert all(0.1 <= share <= 0.9 for share in shares), shares


@pytest.mark.parametrize(
    "hidden",
    ["```\n{}\n", "```text\n{}\n```", "${}$", "`{}`", "\\[{}\\]", "<b>{}</b>", "$$ {} $$"],
)  # fmt: skip
def test_foreign_prose_hidden_in_marks_counts(hidden: str):
    english, chinese = SENTENCES["en"], SENTENCES["zh"]
    assert _part("language", f"{chinese}\n{hidden.format(english * 3)}", target="zh") < 0.8
    assert _part("language", f"{english}\n{hidden.format(chinese * 3)}", target="en") < 0.6
    assert _part("language", f"{chinese} {' '.join('This is spelled letter by letter')}", target="zh") < 0.95


def test_code_and_formulas_have_no_language():
    text = (
        f"{SENTENCES['zh']}\n```python\nfor item in range(10):\n    print(item)\n```\n$\\frac{{a}}{{b}} = \\sin x$ DNA"
    )
    assert _part("language", text, target="zh") == 1.0


def test_one_kana_does_not_make_a_chinese_text_japanese():
    assert _part("language", f"{SENTENCES['zh']}の", target="zh") >= 0.9
    assert _part("language", f"{SENTENCES['zh']}の", target="ja") <= 0.1


@pytest.mark.parametrize(
    ("name", "code"), [("zh-CN", "zh"), ("EN", "en"), ("english", "en"), ("pt_BR", "pt"), ("deu", "de")]
)
def test_languages_may_be_named_in_the_usual_ways(name: str, code: str):
    assert rewards.discover()["language"].options.model_validate({"target": name}).target == code  # type: ignore[attr-defined]


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValidationError, match="klingon"):
        rewards.discover()["language"].options.model_validate({"target": "klingon"})


@pytest.mark.parametrize(
    "loop", ["\\frac{1}{2}+" * 40, "123" * 60, "가나다라" * 40, "วนซ้ำ" * 40, "abc," * 60, "wait " * 60]
)
def test_loops_are_seen_with_and_without_blanks(loop: str):
    assert _part("repetition", loop, ngram_size=3) < -0.7
    assert _part("repetition", SENTENCES["en"], ngram_size=3) == 0


def test_tokens_are_measured_where_the_trainer_sends_them():
    looping = Completion("x", token_ids=(1, 2, 3) * 50)
    assert _part("repetition", looping, ngram_size=3) < -0.9
    assert _part("length", Completion("x", token_count=9), unit="tokens", maximum=10, buffer=4) == -0.75


@pytest.mark.parametrize(
    ("completion", "options", "kept"),
    [
        ("<think>a</think><answer>9</answer><|im_end|>", {}, 1.0), ("<think>a</think><answer>9</answer></s>", {}, 1.0),
        ("<think>a</think><|im_end|>", {"template": "think"}, 0.0), ("<think></think>9", {"template": "think"}, 0.0),
        ("<think>\u200b</think><answer>9</answer>", {}, 0.0), ("<think>a</think><answer>\u200b</answer>", {}, 0.0),
        ("<think>a</think><answer>9</answer><|im_end|> and on", {}, 1.0),
        ("<think>a</think><answer> </answer>", {"mode": "lenient"}, 0.0),
    ],
)  # fmt: skip
def test_templates_end_with_the_turn_and_empty_blocks_keep_nothing(completion: str, options: dict, kept: float):
    assert _part("format", completion, **options) == kept
