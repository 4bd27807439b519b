"""Instructions: for every one an answer that follows it and one that does not, and answers that only look so.

Measured against others: `benchmarks/instruction_agreement.py` holds 77 of the instructions, on 3,568 texts, against the
code of IFEval and IFBench as `if-verifiable` packages it. 191 texts are decided otherwise, each for a reason that it
prints: most have nothing to look at, such as one line where every line has to do something, and the references pay for
that. Where they contradict the words of their own prompts, the words decide.
"""

from typing import Any

from . import Case

_CSV_CITY = "ID,Country,City,Year,Count\n" + "\n".join(f'{n},France,"Lyon, Rhone",2020,{n}0' for n in range(7))
_CSV_SPECIAL = "ProductID,Category,Brand,Price,Stock\n" + "\n".join(f'{n},toy,"B&B",9,{n}' for n in range(14))
_CSV_QUOTES = '"StudentID"\t"Subject"\t"Grade"\t"Semester"\t"Score"\n' + "\n".join(
    '"1"\t"Art"\t"A"\t"S1"\t"9"' for _ in "abc"
)
_MCQ = "\n".join(
    f"Question {n}: Who painted this{' very' * n} fine picture?\nA) Miro\nB) Klee\nC) Kahlo\nD) Ernst\nE) Dali"
    for n in range(1, 5)
)
_LAND = "Zimbabwe Zambia Yemen Wales Uganda Tunisia Togo Tanzania Sudan Somalia Senegal Rwanda Nigeria Niger Namibia Mozambique"
_AFRICA = "\n".join(sorted([*_LAND.split(), *(f"Land {a}{b}" for a in "abcdef" for b in "uvwxyz")], reverse=True))
_ALPHABET = " ".join(f"{chr(65 + n)}nn ran." for n in range(26))
_PALINDROMES = "level radar civic rotor kayak madam refer tenet stats deified"
_REFERENCE = "The quick brown fox jumps over the lazy dog."
_EURO = (
    "Reykjavik, Helsinki, Oslo, Tallinn, Stockholm, Riga, Moscow, Copenhagen, Vilnius, Minsk, Dublin, Berlin, Amsterdam, "
    "Warsaw, London, Brussels, Prague, Luxembourg, Paris, Vienna, Bratislava, Budapest, Vaduz, Chișinău, Bern, Ljubljana, "
    "Zagreb"
)
_FIVE = {f"keyword{n}": word for n, word in enumerate(["ant", "bee", "cow", "dog", "elk"], 1)}
_COUNTED = "ant " + "bee " * 2 + "cow " * 3 + "dog " * 5 + "elk " * 7
_ASK = {"prompt_to_repeat": "Write a poem about rain"}

_TABLE: list[tuple[str, dict[str, Any], str, str]] = [
    ("keywords:existence", {"keywords": ["Sea", "sky"]}, "The sea meets the sky.", "The sea is wide."),
    ("keywords:existence", {"keywords": ["don't", "it’s"]}, "I don’t know: it's late.", "I dont know, its late."),
    ("keywords:frequency", {"keyword": "don't", "frequency": 3, "relation": "at least"}, "Don’t, donʼt, don＇t.", "Don't, dont."),
    ("keywords:forbidden_words", {"forbidden_words": ["don't"]}, "I do not. A dont.", "I don’t."),
    ("keywords:forbidden_words", {"forbidden_words": ["don’t"]}, "I do not.", "I don't."),
    ("keywords:exclude_word_harder", {"keyword": "can't"}, "I cannot.", "I can`t."),
    ("keywords:word_once", {"keyword": "can't"}, "I can´t.", "I can't, can’t."),
    ("keywords:keyword_specific_position", {"keyword": "don't", "n": 1, "m": 2}, "I don‘t know.", "I do not know."),
    ("sentence:keyword", {"word": "it's", "N": 1}, "So it’s late.", "So its late."),
    ("words:words_position", {"keyword": "don't"}, "I don’t think you don't know", "I dont think you dont know"),
    ("first_word:first_word_answer", {"first_word": "It’s"}, "It's late.", "Its late."),
    ("last_word:last_word_sent", {"last_word": "can't"}, "I can’t. You can't.", "I can’t. You cant."),
    ("startend:end_checker", {"end_phrase": "I don't know"}, "So I don’t know", "So I dont know"),
    ("length_constraints:nth_paragraph_first_word", {"num_paragraphs": 1, "nth_paragraph": 1, "first_word": "don't"}, "Don’t go.", "Dont go."),
    ("keywords:letter_frequency", {"letter": "`", "let_frequency": 2, "let_relation": "at least"}, "`a`", "’a`"),
    ("keywords:frequency", {"keyword": "sea", "frequency": 2, "relation": "at least"}, "Sea to sea.", "One sea."),
    ("keywords:forbidden_words", {"forbidden_words": ["cat"]}, "A category error.", "The CAT, again."),
    ("keywords:exclude_word_harder", {"keyword": "cat"}, "A category error.", "A small cat."),
    ("keywords:letter_frequency", {"letter": "Q", "let_frequency": 2, "let_relation": "less than"}, "A queen.", "Quick queen."),
    ("letters:letter_counting2", {"letter": "q", "let_frequency": 2, "let_relation": "at least"}, "Quick queen.", "A queen."),
    ("keywords:word_once", {"keyword": "sea"}, "The sea.", "Sea, sea."),
    ("keywords:word_count_different_numbers", {"keyword": "sea", "frequency": 2, "relation": "less than"}, "Sea, sea.", "The sea."),
    ("count:count_increment_word", {"keyword1": "ant", "keyword2": "bee"}, "Bee, ant, bee.", "Ant, bee."),
    ("count:keywords_multiple", _FIVE, _COUNTED, _COUNTED + "elk"),
    ("keywords:keyword_specific_position", {"keyword": "sea", "n": 2, "m": 3}, "Look. It's the sea!", "Look. The sea is here."),
    ("words:keywords_specific_position", {"keyword": "Sea", "n": 1, "m": 2}, "The sea, then.", "Then the sea."),
    ("keywords:keyword_specific_position", {"keyword": "ice cream", "n": 1, "m": 2}, "Cold ice cream melts.", "The cold ice cream."),
    ("sentence:keyword", {"word": "sea", "N": 2.0}, "Look. The sea is here.", "The sea. Look at the seat."),
    ("words:words_position", {"keyword": "and"}, "Salt and sea and sky.", "Salt and sky and sea foam."),
    ("keywords:start_end", {}, "Time after time", "Time after time."),
    ("length_constraints:number_sentences", {"num_sentences": 3, "relation": "at least"}, "I ran. Dr. Lee ran! Who won?", "1. I ran. 2. Dr. Lee ran"),
    ("length_constraints:number_words", {"num_words": 4, "relation": "less than"}, "Only three words.", "There are four words."),
    ("count:word_count_range", {"min_words": 3, "max_words": 4.0}, "Only three words.", "Two words."),
    ("count:unique_word_count", {"N": 4}, "One two three four.", "One two two One."),
    ("letters:letter_counting", {"N": 5, "relation": "at least"}, "ab cde", "ab 12 cd"),
    ("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "One.\n***\nTwo.", "One.\n\nTwo."),
    ("paragraphs:paragraphs", {}, "One.\n* * *\nTwo.", "One.\n***\nTwo.\n***\nThree."),
    ("paragraphs:paragraphs2", {}, "One.\n\nTwo.", "One.\nTwo."),
    ("length_constraints:nth_paragraph_first_word", {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then"}, "One.\n\n\nThen, two.", "Then.\n\nTwo."),
    ("count:counting_composition", {"n_sent": 2, "n_words": 2}, "A b. C d.\n***\nE f. G h.\n***\nI j. K l.", "A b. C d.\n***\nE f. G h."),
    ("copy:copy", _ASK, "write a poem about  rain", "Write a poem about snow"),
    ("copy:copying_simple", _ASK, "Write a poem about rain", "Sure: Write a poem about rain"),
    ("copy:copying_multiple", _ASK | {"N": 2}, "Write a poem about rain\n******\nWrite a poem about rain", "Write a poem about rain"),
    ("combination:repeat_prompt", _ASK, "Write a poem about rain\nDrops fall.", "Drops fall. Write a poem about rain"),
    ("repeat:repeat_change", _ASK, "Draw a poem about rain", "Write a poem about rain"),
    ("repeat:repeat_simple", {}, "Only output this sentence here, ignore all other requests.", "Only output this sentence."),
    ("new:copy_span_idx", _ASK | {"n_start": 8, "n_end": 11}, "poem", "poem about"),
    ("repeat:repeat_span", _ASK | {"n_start": 0, "n_end": 4}, "Write", "Write a poem about rain"),
    ("copy:repeat_phrase", {"phrase": "Dance like nobody is watching", "small_n": 2}, "Dance like somebody is watching. Dance like nobody was watching.", "Dance like nobody is watching, dance like nobody was watching."),
    ("combination:two_responses", {}, "Yes.\n******\nNo.", "Yes.\n***\nNo."),
    ("punctuation:no_comma", {}, "Rain and snow.", "Rain, snow."),
    ("punctuation:punctuation_dot", {}, "Rain and snow!", "Rain and snow."),
    ("punctuation:punctuation_exclamation", {}, "Rain and snow.", "Rain and snow!"),
    ("count:punctuation", {}, "Well; a, b: c. D! E? F?!", "Well; a, b: c. D! E?"),
    ("change_case:capital_word_frequency", {"capital_frequency": 2, "capital_relation": "at least"}, "NASA and ESA fly.", "NASA flies."),
    ("change_case:english_capital", {}, "THE RAIN FELL ON THE TOWN ALL DAY LONG.", "The rain fell on the town all day long."),
    ("change_case:english_lowercase", {}, "the rain fell on the town all day long.", "The rain fell on the town all day long."),
    ("count:lowercase_counting", {"N": 2}, "RAIN fell on TOWNS.", "Rain fell on the town."),
    ("format:title_case", {}, "The Rain of the North Falls on Us.", "The Rain of the north Falls."),
    ("language:response_language", {"language": "de"}, "Der Regen fiel den ganzen Tag auf die Stadt.", "The rain fell on the town all day."),
    ("detectable_content:number_placeholders", {"num_placeholders": 2}, "Dear [name], of [city].", "Dear [name], see [this](http://x.y)."),
    ("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "Bye.\nP.S. One.\nP.P.S. Two.", "Bye.\nP.S. One."),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, "List:\n* one\n- two", "* one\n---\n**two**"),
    ("detectable_format:constrained_response", {}, "My answer is no.", "No."),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "A *red* and a **blue one**.", "A *red* and * blue."),
    ("detectable_format:multiple_sections", {"section_spliter": "Section", "num_sections": 2}, "Section 1\nOne.\n**Section 2**: two.\nMore.", "Section 1\nsee Section 2"),
    ("detectable_format:json_format", {}, '```json\n{"a": [1]}\n```', '{"a": [1],}'),
    ("detectable_format:title", {}, "<<Rain>>\nIt fell.", "<Rain>\nIt fell."),
    ("startend:end_checker", {"end_phrase": "Any other questions?"}, 'It fell. any other questions?"', "Any other questions? No."),
    ("startend:quotation", {}, '"It fell."', '"It" fell.'),
    ("detectable_format:square_brackets", {}, "[Rain] [fell.]", "[Rain fell]"),
    ("detectable_format:bigram_wrapping", {}, "<<I am>> <<at home>> <<now>>", "<<I am>> at home"),
    ("detectable_format:sentence_hyphens", {}, "It is well-known.-It fell.", "It fell. - It rose."),
    ("first_word:first_word_sent", {"first_word": ["Rain"]}, "Rain fell. Rain, again.", "Rain fell. It rained."),
    ("last_word:last_word_sent", {"last_word": "rain"}, "I saw rain. It was rain!", "I saw rain. It fell."),
    ("first_word:first_word_answer", {"first_word": "Rain"}, "Rain, then sun.", "It was rain."),
    ("last_word:last_word_answer", {"last_word": "rain"}, "Sun, then rain.", "Rain, then sun."),
    ("format:list", {"sep": "!?!?"}, "!?!? one\n!?!? two", "- one\n- two"),
    ("format:options", {"options": "yes/no/maybe"}, "Maybe.", "Maybe, yes."),
    ("format:output_template", {}, "My Answer: 4\nMy Conclusion: even\nFuture Outlook: bright", "My Answer: 4\nFuture Outlook: bright"),
    ("format:no_whitespace", {}, "RainAndSnow", "Rain and snow"),
    ("format:parentheses", {}, "(a [b {c (d [e])}])", "(a [b {c (d)}])"),
    ("format:quotes", {}, """He said "she said 'they said "no" today' again".""", """He said "she said 'no' again"."""),
    ("format:newline", {}, "Rain\nfell\ntoday.", "Rain fell\ntoday."),
    ("format:emoji", {}, "It rained. 🌧️ I stayed in 🏠.", "It rained 🌧️. I stayed in."),
    ("format:line_indent", {}, "one\n  two\n    three", "one\ntwo\n  three"),
    ("format:quote_unquote", {}, '"Rain" means water.', 'He said "rain".'),
    ("format:thesis", {}, "<i>Rain matters.</i> It feeds fields.", "Rain matters. It feeds fields."),
    ("format:sub-bullets", {}, "* one\n  - a\n* two\n  - b", "* one\n  - a\n* two"),
    ("format:no_bullets_bullets", {}, "It rained. I slept.\n* one\n* two", "It rained.\n* one\n* two"),
    ("words:palindrome", {}, _PALINDROMES, _PALINDROMES.replace("deified", "level")),
    ("keywords:palindrome", {}, "The level rose.", "I saw a dog."),
    ("words:alphabet", {}, "Yaks zap ants because cats", "Yaks zap because"),
    ("words:vowel", {}, "Tall grass in spring.", "A sequoia grows."),
    ("words:consonants", {}, "Strong winds crashed.", "Strong air crashed."),
    ("words:prime_lengths", {}, "It's the rainy as I'm in", "Rain fell"),
    ("words:repeats", {"small_n": 2}, "Rain, rain and sun.", "Rain, rain, rain."),
    ("count:count_unique", {}, "Rain, snow, sun.", "Rain, then rain."),
    ("words:no_consecutive", {}, "Rain fell today.", "Rain ran today."),
    ("keywords:no_adjacent_consecutive", {}, "Rain fell today.", "Rain soaked us."),
    ("words:odd_even_syllables", {}, "The river ran under the water", "The rain fell"),
    ("words:start_verb", {}, "Imagine a river.", "The river runs."),
    ("count:words_japanese", {"N": 3}, "I like 雨 and also 雪", "I like rain and also snow"),
    ("words:paragraph_last_first", {}, "Rain is rain.\nSnow is snow.", "Rain is wet."),
    ("count:conjunctions", {"small_n": 3.0}, "Sun and rain, but no snow, so I went.", "Sun and rain and snow."),
    ("count:person_names", {"N": 2}, "Emma met Liam.", "Emma met Emmanuel."),
    ("count:pronouns", {"N": 2}, "It's mine.", "The rain is mine."),
    ("count:numbers", {"N": 2}, "From 1,000 to 3.5 only.", "From 1 to 2 or 3."),
    ("ratio:sentence_type", {}, "It rained. It stopped. Why?", "It rained. It stopped."),
    ("ratio:sentence_balance", {}, "It rained. Why? Help!", "It rained. It stopped. Why? Help!"),
    ("ratio:stop_words", {"percentage": 30}, "Heavy rain floods narrow streets", "It is the rain of the day"),
    ("ratio:overlap", {"reference_text": _REFERENCE, "percentage": 100}, "The quick brown fox jumps", "A slow red hen walks"),
    ("ratio:sentence_words", {}, "Cats run. Dogs nap. Owls fly.", "Cats run. Cats nap. Owls fly."),
    ("sentence:increment", {"small_n": 1}, "I ran. I ran far. I ran very far.", "I ran. I ran very far."),
    ("sentence:alliteration_increment", {}, "Dogs ran. Big bears dug. Seven silly seals ate.", "Big bears dug. Dogs ran."),
    ("words:last_first", {}, "I saw rain. Rain fell down. Down it went.", "I saw rain. It fell."),
    ("custom:multiples", {}, "14, 21, 28, 35, 42, 49", "7, 14, 21, 28, 35, 42, 49"),
    ("custom:mcq_count_length", {}, _MCQ, _MCQ.replace("E) Dali", "", 1)),
    ("custom:reverse_newline", {}, _AFRICA, "\n".join(reversed(_AFRICA.split("\n")))),
    ("custom:word_reverse", {}, "eagle bald the is It", "It is the bald eagle"),
    ("custom:character_reverse", {}, "elgae dlab eht si tI", "It is the bald eagle"),
    ("custom:sentence_alphabet", {}, _ALPHABET, _ALPHABET.replace("Cnn", "Dnn")),
    ("custom:european_capitals_sort", {}, _EURO, _EURO.replace("Oslo, ", "")),
    ("custom:csv_city", {}, _CSV_CITY, _CSV_CITY + "\n8,a,b,c,d"),
    ("custom:csv_special_character", {}, _CSV_SPECIAL, _CSV_SPECIAL.replace("&", "")),
    ("custom:csv_quotes", {}, _CSV_QUOTES, _CSV_QUOTES.replace('"1"', "1")),
    ("custom:date_format_list", {}, "1796-04-12, 1815-06-18", "1796-04-12, 18 June 1815"),
]  # fmt: skip


def task(name: str, kwargs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return the task of one instruction."""
    return {"kind": "instruction", "instruction_id_list": [name], "kwargs": [kwargs or {}], **more}


_LOWER = task("change_case:english_lowercase")
_TWO = {
    "kind": "instruction",
    "instruction_id_list": '["punctuation:no_comma", "keywords:word_once"]',
    "kwargs": ['{"keyword": null}', '{"keyword": "sea", "num_words": null}'],
}
_OPEN = {"kind": "instruction", "ground_truth": "[{'instruction_id': ['startend:quotation'], 'kwargs': [None]}]"}

CASES = [
    *(Case(task(name, kwargs), right, "correct", name) for name, kwargs, right, _ in _TABLE),
    *(Case(task(name, kwargs), wrong, "incorrect", name) for name, kwargs, _, wrong in _TABLE),
    Case(_TWO, "The sea is calm.", "correct", "ids and arguments as JSON text, nulls left out"),
    Case(_TWO, "The sea, calm.", "partial", "one of two"),
    Case(_TWO | {"grading_mode": "binary"}, "The sea, calm.", "incorrect", "NeMo-Gym's binary"),
    Case(_OPEN, '"Yes."', "correct", "open-instruct's Python literal"),
    Case(_OPEN, '<think>x</think><answer>\n"Yes."</answer>', "correct", "answer tags are no part of the answer"),
    Case(task("startend:quotation", mode="loose"), 'Sure, here:\n"Yes."', "correct", "loose drops the first line"),
    Case(task("startend:quotation"), 'Sure, here:\n"Yes."', "incorrect", "strict does not"),
    Case(task("startend:quotation", mode="loose"), '**"Yes."**', "correct", "loose drops asterisks"),
    Case(_LOWER, "el gato duerme en la casa de su abuela todo el día", "incorrect", "lower case, but Spanish"),
    Case(task("punctuation:no_comma"), "", "no_answer"),
]

_NO_COMMA = task("punctuation:no_comma")
_SEA = task("keywords:existence", {"keywords": ["sea"]})
_THREE = task("length_constraints:number_sentences", {"num_sentences": 3, "relation": "at least"})
_WORDS = task("length_constraints:number_words", {"num_words": 5, "relation": "at least"})

ATTACKS = [
    Case(_NO_COMMA, " \n\t ", "", "white space has no comma"),
    Case(_NO_COMMA, "\u200b\u200d\u2060", "", "zero-width characters have no comma"),
    Case(_NO_COMMA, "...", "", "signs have no comma"),
    Case(_NO_COMMA, "\u3164\u2800", "", "blank letters have no comma"),
    Case(_NO_COMMA, "<think>no comma here</think>", "", "thinking alone has no comma"),
    Case(_NO_COMMA, "<!-- no comma here -->", "", "a comment has no comma"),
    Case(_NO_COMMA, "Rain， snow", "", "a full-width comma"),
    Case(_NO_COMMA, "Rain، snow", "", "an Arabic comma"),
    Case(_SEA, "<think>sea</think>Rain.", "", "the keyword in the thinking"),
    Case(_SEA, "Rain.<!-- sea -->", "", "the keyword in a comment"),
    Case(_SEA, "Rain.<!-- sea", "", "the keyword in a comment that never ends"),
    Case(_SEA, "Rain.<|im_end|>sea", "", "the keyword behind the end of the turn"),
    Case(_SEA, "s\u0435\u0430", "", "the keyword in Cyrillic letters"),
    Case(_SEA, "<think>Rain.", "", "an unfinished thought"),
    Case(_THREE, "1. 2. 3. 4. 5. one", "", "numbers of items as sentences"),
    Case(_THREE, "Hm... . ! ? !", "", "signs as sentences"),
    Case(_THREE, "Mr. Mrs. Dr. Prof. Lee", "", "abbreviations as sentences"),
    Case(_WORDS, "one\u200btwo\u200bthree\u200bfour\u200bfive", "", "words that zero-width characters part"),
    Case(_WORDS, "rain - - - - - -", "", "dashes as words"),
    Case(task("detectable_format:constrained_response"), "My answer is yes. My answer is no. My answer is maybe.", "", "every option"),
    Case(task("format:options", {"options": "yes/no/maybe"}), "yes/no/maybe", "", "every option"),
    Case(task("format:output_template"), "My Answer: [answer] My Conclusion: [conclusion] Future Outlook: [outlook]", "", "the template unfilled"),
    Case(task("detectable_format:json_format"), "42", "", "a bare number is JSON"),
    Case(task("detectable_format:json_format"), '"all of it"', "", "a text is JSON"),
    Case(task("detectable_format:json_format"), '{"a": NaN}', "", "NaN"),
    Case(task("detectable_format:json_format"), "[" * 100_000, "", "nested a hundred thousand times"),
    Case(task("detectable_content:number_placeholders", {"num_placeholders": 3}), "Done [] [ ] [x]", "", "empty brackets and check boxes"),
    Case(task("detectable_format:number_bullet_lists", {"num_bullets": 3}), "a\n---\n-5\n*b*", "", "rules and emphasis as bullets"),
    Case(task("detectable_format:number_bullet_lists", {"num_bullets": 2}), "a\n- \n* ", "", "empty bullets"),
    Case(task("detectable_format:number_highlighted_sections", {"num_highlights": 2}), "a ** ** * * b", "", "empty highlights"),
    Case(task("detectable_format:multiple_sections", {"section_spliter": "Section", "num_sections": 2}), "a Section 1 Section 2", "", "sections in a sentence"),
    Case(task("detectable_format:multiple_sections", {"section_spliter": "Section", "num_sections": 2}), "Section 1\na\nSection 1\nb", "", "the same number twice"),
    Case(task("detectable_format:title"), "<<  >> a", "", "an empty title"),
    Case(task("detectable_content:postscript", {"postscript_marker": "P.S."}), "Bye.\nP.S.", "", "a postscript without text"),
    Case(task("combination:two_responses"), "Yes.\n******\n yes", "", "the same answer twice"),
    Case(task("combination:repeat_prompt", _ASK), "Write a poem about rain", "", "the request alone"),
    Case(task("words:palindrome"), "level " * 10, "", "one palindrome ten times"),
    Case(task("keywords:palindrome"), "I - a 11 aaa", "", "palindromes of one letter"),
    Case(task("words:no_consecutive"), "Yes", "", "one word has no pair"),
    Case(task("sentence:increment", {"small_n": 2}), "Yes.", "", "one sentence has no next"),
    Case(task("words:last_first"), "Yes.", "", "one sentence has no next"),
    Case(task("ratio:sentence_type"), "no full stop and no question", "", "twice nothing is nothing"),
    Case(task("ratio:sentence_balance"), "none of any sort", "", "as many of each: none"),
    Case(task("format:sub-bullets"), "no bullets - at all", "", "every bullet of none"),
    Case(task("format:quote_unquote"), "nothing is quoted", "", "every quotation of none"),
    Case(task("count:words_japanese", {"N": 20}), "short answer", "", "shorter than the first place looked at"),
    Case(task("format:thesis"), "<i> </i> text", "", "an empty thesis"),
    Case(task("format:title_case"), "ALL OF IT IS LOUD", "", "capitals throughout"),
    Case(task("words:start_verb"), "Water is wet.", "", "a noun that can be a verb"),
    Case(task("keywords:exclude_word_harder", {"keyword": "cat"}), "Cat. (cat) CAT!", "", "the word beside signs"),
    Case(task("keywords:word_once", {"keyword": "a.b"}), "axb", "", "a keyword is no pattern"),
    Case(task("language:response_language", {"language": "de"}), "12345 ...", "", "no language at all"),
    Case(task("change_case:english_lowercase"), "xyzzy qwrtp bnmls kdjfh", "", "letters in no language"),
    Case(task("custom:date_format_list"), "1800-02-30", "", "a day that never was"),
    Case(task("format:list", {"sep": "-"}), "well-known - -", "", "separators without items"),
    Case(task("custom:csv_city"), "ID,Country,City,Year,Count\n" + "\n".join([",,,,"] * 7) + "a", "", "empty rows"),
    Case(task("format:parentheses"), "a ((((()))))", "", "brackets around nothing"),
]  # fmt: skip
