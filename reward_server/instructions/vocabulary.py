"""English word lists that instructions speak of."""

_CONJUNCTIONS = "and but for nor or so yet "
CONJUNCTIONS = frozenset(_CONJUNCTIONS.split())

_PRONOUNS = (
    "i me we us you he him she her it they them my mine our ours your yours his hers its their theirs myself "
    "ourselves yourself yourselves himself herself itself themselves this that these those who whom whose which "
    "what whoever whomever whatever whichever anybody anyone anything everybody everyone everything nobody "
    "nothing somebody someone something each either neither both all some any none "
)
PRONOUNS = frozenset(_PRONOUNS.split())
"""As IFBench lists them since 2026."""

_NAMES = (
    "Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander Amelia Benjamin "
    "Harper Leo Zoe Daniel Chloe Samuel Lily Matthew Grace Owen Abigail Gabriel Ella Jacob Scarlett Nathan "
    "Victoria Elijah Layla Nicholas Audrey David Hannah Christopher Penelope Thomas Nora Andrew Aria Joseph "
    "Claire Ryan Stella Jonathan "
)
NAMES = frozenset(_NAMES.split())
"""The person names that IFBench's prompt lists."""

_CAPITALS = (
    "Reykjavik Helsinki Oslo Tallinn Stockholm Riga Moscow Copenhagen Vilnius Minsk Dublin Berlin Amsterdam "
    "Warsaw London Brussels Prague Luxembourg Paris Vienna Bratislava Budapest Vaduz Chisinau Bern Ljubljana "
    "Zagreb "
)
CAPITALS = tuple(_CAPITALS.split())
"""Of Europe, north of 45 degrees, by latitude, as IFBench lists them."""

_STOP_WORDS = (
    "a about above after again against ain all am an and any are aren as at be because been before being below "
    "between both but by can couldn d did didn do does doesn doing don down during each few for from further had "
    "hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its "
    "itself just ll m ma me mightn more most mustn my myself needn no nor not now o of off on once only or other "
    "our ours ourselves out over own re s same shan she should shouldn so some such t than that the their theirs "
    "them themselves then there these they this those through to too under until up ve very was wasn we were "
    "weren what when where which while who whom why will with won wouldn y you your yours yourself yourselves "
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""NLTK's English stop words without apostrophes, which `\\w+` cuts."""
_TITLES = (
    "mr mrs ms dr prof st vs e.g i.e fig figs no nos gen gov sen rep rev hon capt col lt sgt cf viz approx al eq "
    "eqs ch sec vol pp ed eds jan feb mar apr jun jul aug sep sept oct nov dec mt ft "
)
TITLES = frozenset(_TITLES.split())
"""Abbreviations that a sentence goes on behind, whatever stands there."""
_ABBREVIATIONS = "etc inc ltd co corp jr sr a.m p.m u.s u.k u.n ph.d m.d b.a m.a d.c dept est bros "
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Abbreviations behind which a sentence ends where a capital follows."""
_MINOR = (
    "a an the and but or nor for yet so as at by in of off on per to up via with from into onto over than that "
    "upon if is vs "
)
MINOR = frozenset(_MINOR.split())
"""Words that title case leaves in lower case, or not."""
_AUXILIARIES = "is are was were am be has have had can could will would shall should may might must do does did "
AUXILIARIES = frozenset(_AUXILIARIES.split())
"""Verbs behind which the word in front is their subject."""
_TWO_WAYS = (
    "fire hour our flower power tower shower every different family chocolate camera favorite favourite "
    "interesting several evening business vegetable comfortable temperature separate general natural history "
    "memory real idea poem world girl orange caramel quiet science being cruel fuel jewel usually actually "
    "especially literature "
)
TWO_WAYS = frozenset(_TWO_WAYS.split())
"""Words said with one syllable more or less."""
