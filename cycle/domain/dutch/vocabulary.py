"""The Dutch words of dates: what each means, and nothing about how they combine.

Keys with bars are several spellings of one thing. Spelling is even already (tokens.py): lower case, no accents.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from cycle.domain.dutch.tokens import SourceText

T = TypeVar("T")


def terms(text: str) -> frozenset[str]:
    """Words apart by spaces."""
    return frozenset(text.split())


def endings(text: str) -> tuple[str, ...]:
    """Word endings apart by spaces, as str.endswith takes them."""
    return tuple(text.split())


class Lexicon(Generic[T]):
    """Phrases of one or more words and what they stand for; the longest that fits wins."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self.by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for spellings, meaning in entries.items():
            for spelling in spellings.split("|"):
                words = tuple(spelling.split())
                self.by_first.setdefault(words[0], []).append((words, meaning))
        for options in self.by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def match(self, text: SourceText, i: int) -> tuple[T, int] | None:
        """The meaning of the phrase that starts at token i, and the place after it."""
        for words, meaning in self.by_first.get(text.word(i), ()):
            if len(words) == 1 or tuple(text.words[i : i + len(words)]) == words:
                return meaning, i + len(words)
        return None

    def __contains__(self, word: str) -> bool:
        return word in self.by_first


class Limit(StrEnum):
    """How a phrase is tied to its period."""

    IN = "in"
    BEFORE = "voor"  # strict: the day before
    BY = "uiterlijk"  # the day itself counts
    UNTIL = "tot"  # exclusive
    THROUGH = "tot en met"
    FROM = "vanaf"
    AFTER = "na"
    EARLIEST = "op zijn vroegst"
    AROUND = "rond"
    TOWARDS = "richting"


MONTHS = {
    "januari|january|jan": 1,
    "februari|februarie|febuari|feb|febr": 2,
    "maart|mrt|maa|march": 3,
    "april|apr": 4,
    "mei": 5,
    "juni|jun|june": 6,
    "juli|jul|july": 7,
    "augustus|aug|august": 8,
    "september|sept|sep": 9,
    "oktober|october|okt|oct": 10,
    "november|nov": 11,
    "december|dec": 12,
}
MONTH = {name: number for names, number in MONTHS.items() for name in names.split("|")}
# these are also names or other words, so alone in running text they say nothing
SHORT_MONTHS = terms(
    """
    jan feb febr mrt maa apr jun jul aug sept sep okt oct nov dec
    """
)
# what a scanner makes of a month
GARBLED_MONTHS = terms("rnei rnaart apri aprii jull juii junl ju me")

WEEKDAYS = {
    "maandag|ma": 0,
    "dinsdag|di": 1,
    "woensdag|wo": 2,
    "donderdag|do": 3,
    "vrijdag|vr": 4,
    "zaterdag|za": 5,
    "zondag|zo": 6,
}
WEEKDAY = {name: number for names, number in WEEKDAYS.items() for name in names.split("|")}
WEEKDAY_NAMES = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]

NUMBER = {
    "een": 1,
    "ene": 1,
    "twee": 2,
    "drie": 3,
    "vier": 4,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "acht": 8,
    "negen": 9,
    "tien": 10,
    "elf": 11,
    "twaalf": 12,
    "dertien": 13,
    "veertien": 14,
    "vijftien": 15,
    "zestien": 16,
    "zeventien": 17,
    "achttien": 18,
    "negentien": 19,
    "twintig": 20,
    "dertig": 30,
}
UNITS_OF_TENS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
# "eenentwintig" to "negenentwintig", and "eenendertig" for the last of a month
NUMBER |= {f"{unit}entwintig": 20 + n for n, unit in enumerate(UNITS_OF_TENS, 1)} | {"eenendertig": 31}
ORDINAL = {
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
    "vijfde": 5,
    "zesde": 6,
    "zevende": 7,
    "achtste": 8,
    "negende": 9,
    "tiende": 10,
    "elfde": 11,
    "twaalfde": 12,
    "dertiende": 13,
    "veertiende": 14,
    "vijftiende": 15,
    "zestiende": 16,
    "zeventiende": 17,
    "achttiende": 18,
    "negentiende": 19,
    "ie": 1,
    "iie": 2,
    "iiie": 3,
    "ive": 4,
    "laatste": -1,
    "voorlaatste": -2,
}
ORDINAL |= {f"{word}ste": number for word, number in NUMBER.items() if number >= 20}  # "twintigste", "eenendertigste"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
ORDINAL_ENDINGS = frozenset({"e", "ste", "de", "ie"})
TIMES = {
    "eens": 1,
    "eenmaal": 1,
    "tweemaal": 2,
    "driemaal": 3,
    "viermaal": 4,
    "vijfmaal": 5,
    "zesmaal": 6,
    "zevenmaal": 7,
    "achtmaal": 8,
    "tienmaal": 10,
    "twaalfmaal": 12,
}

SEASONS = {
    "voorjaar": "voorjaar",
    "lente": "voorjaar",
    "zomer": "zomer",
    "najaar": "najaar",
    "herfst": "najaar",
    "winter": "winter",
}
EDGES = Lexicon(
    {
        "begin|start van|aanvang van|aanvang|het begin|beginnend": "begin",
        "medio|midden|half|halverwege|halfweg": "medio",
        "eind|einde|het einde|het eind|ultimo van|slot van|afloop van": "eind",
        "primo": "primo",
        "ultimo|ult": "ultimo",
    }
)
FEASTS = Lexicon(
    {
        "kerst|kerstmis|eerste kerstdag|de kerst|kerstdagen": "kerst",
        "tweede kerstdag": "tweede kerstdag",
        "kerstavond": "kerstavond",
        "pasen|eerste paasdag": "pasen",
        "tweede paasdag": "tweede paasdag",
        "goede vrijdag": "goede vrijdag",
        "hemelvaart|hemelvaartsdag": "hemelvaart",
        "pinksteren|eerste pinksterdag": "pinksteren",
        "tweede pinksterdag": "tweede pinksterdag",
        "koningsdag": "koningsdag",
        "bevrijdingsdag": "bevrijdingsdag",
        "prinsjesdag": "prinsjesdag",
        "sinterklaas": "sinterklaas",
        "oudjaar|oudjaarsdag": "oudjaar",
        "oud en nieuw|jaarwisseling|jaareinde": "jaarwisseling",
        "nieuwjaar|nieuwjaarsdag": "nieuwjaar",
    }
)
# each school region, council or trade sets these itself
LOOSE_FEASTS = terms(
    """
    zomervakantie zomerreces kerstvakantie kerstreces herfstvakantie herfstreces meivakantie meireces
    voorjaarsvakantie voorjaarsreces krokusvakantie bouwvak bouwvakantie reces carnaval vakantie vakanties
    zomerperiode schoolvakanties schoolvakantie
    """
)

LIMITS = Lexicon(
    {
        "in|tijdens|gedurende|in de loop van|in de loop der|loop van|loop|op|aan|bij|heel|geheel|hele"
        "|gehele|binnen|in heel|over heel|met|gedurende heel|de hele|in het|op de|per datum|ergens in"
        "|nog in": Limit.IN,
        "voor|voorafgaand aan|voorafgaande aan|eerder dan|vroeger dan|ruim voor|vlak voor|kort voor": Limit.BEFORE,
        "uiterlijk|uiterl|uiterste datum|uiterlijke datum|uiterste termijn|niet later dan|niet later als"
        "|op zijn laatst|ten laatste|op z n laatst|uiterst|deadline|niet na|voor of op|op of voor"
        "|nooit later dan|nimmer later dan|voor of uiterlijk|laatst|maximaal tot en met|uiterlijke|einddatum"
        "|streefdatum|inleverdatum"
        "|sluitingsdatum|vervaldatum|opleverdatum": Limit.BY,
        "tot|totdat|tot aan": Limit.UNTIL,
        "tot en met|t/m|tem|tot en": Limit.THROUGH,
        "vanaf|va|per|met ingang van|ingaande|ingaand|miv|ingang|ingangsdatum|sinds|startend|te beginnen"
        "|voor het eerst in|voor het eerst op|voor het eerst|te beginnen in|te beginnen met|voor de eerste keer in"
        "|voor de eerste keer|te rekenen vanaf|beginnend in|startdatum|vanaf het|gerekend vanaf|begindatum"
        "|eerstvolgend in|eerstvolgende keer|eerstvolgende keer in|eerste keer in": Limit.FROM,
        "na|na afloop van|na het einde van|volgend op|aansluitend op|later dan|pas na|nadat": Limit.AFTER,
        "op zijn vroegst|op z n vroegst|ten vroegste|niet eerder dan|niet voor|niet voor de|vroegst"
        "|op zn vroegst|op z'n vroegst|niet vroeger dan|niet eerder": Limit.EARLIEST,
        "rond|op of rond|op of omstreeks|omstreeks|circa|ca|ongeveer|rondom|omtrent|tegen|in de buurt van"
        "|pakweg": Limit.AROUND,
        "richting|op weg naar|naar": Limit.TOWARDS,
    }
)

ARTICLES = frozenset({"de", "het", "t", "een", "den", "der", "s"})
SOFT = terms(
    """
    vroeg laat voorkeur liefst mogelijk wellicht misschien eventueel waarschijnlijk ruim vlak kort bijna hopelijk
    vermoedelijk minder schatting geschat grofweg globaal vermoed onzeker concept evt mogelijkerwijs
    """
)

DURATIONS = {
    "dag": "day",
    "dagen": "day",
    "werkdag": "workday",
    "werkdagen": "workday",
    "week": "week",
    "weken": "week",
    "wk": "week",
    "wkn": "week",
    "maand": "month",
    "maanden": "month",
    "mnd": "month",
    "mnden": "month",
    "kwartaal": "quarter",
    "kwartalen": "quarter",
    "jaar": "year",
    "jaren": "year",
    "kalenderdagen": "day",
    "etmaal": "day",
    "halfjaar": "half",
    "uur": "hour",
    "uren": "hour",
}
DURATION_WORDS = {
    "day": ("dag", "dagen"),
    "workday": ("werkdag", "werkdagen"),
    "week": ("week", "weken"),
    "month": ("maand", "maanden"),
    "quarter": ("kwartaal", "kwartalen"),
    "year": ("jaar", "jaar"),
    "half": ("halfjaar", "halfjaar"),
    "hour": ("uur", "uur"),
}

# nouns behind a number that make it a quantity, so that "2000 woningen" is no year
QUANTITIES = terms(
    """
    woningen woning huizen euro eur m2 m3 km meter eenheden stuks punten procent personen appartementen
    huishoudens studenten plekken plaatsen kilo ton kwh zonnepanelen woongelegenheden verhuureenheden vhe inwoners
    mensen leden jongeren ouderen statushouders huurders bewoners adressen kamers units flexwoningen huurwoningen
    koopwoningen keer maal x graden aansluitingen bomen miljoen mln k dagen weken maanden uur uren jaar jaren
    kopers gezinnen
    """
)

HASTE = "dit vraagt haast, maar noemt geen datum"
UNDECIDED = "de datum moet nog worden bepaald"
RETURNS = "dit komt terug, maar hoe vaak staat er niet"
DATELESS = "dit noemt geen datum"
OTHER_YEAR = "welk jaar dat is, zeggen andere woorden"
ENDLESS = "dit loopt door en heeft geen einddatum"
NOT_ASKED = "er hoort geen datum bij"
AT_ONCE = "dit moet meteen, zonder datum"
IF_NEEDED = "dit gebeurt alleen als het nodig is"
VAGUE = "dit is een vage periode, geen termijn"
MEASURE = "hier is het jaar een maat of een verwijzing, geen termijn"
OPEN_DOUBTFUL = Lexicon(
    {
        "zsm|zo spoedig mogelijk|zo snel mogelijk|asap|zo gauw mogelijk|zo vroeg mogelijk|met spoed|spoed"
        "|spoedig|op korte termijn|op zo kort mogelijke termijn|korte termijn|binnenkort|per omgaande"
        "|omgaand|per direct|direct|eerstdaags|met voorrang|op afzienbare termijn|binnen afzienbare tijd"
        "|snel|op zeer korte termijn|zo snel als mogelijk|spoedigst|eerste gelegenheid": HASTE,
        "ntb|nnb|tbd|tba|nog te bepalen|nader te bepalen|nader te plannen|nog te plannen"
        "|nog in te plannen|onbekend|niet bekend|nog niet bekend|nog onbekend|nader overeen te komen"
        "|nog af te stemmen|nader af te stemmen|volgt|volgt nog|nog in te vullen|in overleg"
        "|in onderling overleg|pm|memorie|nader te specificeren|te bepalen|te plannen|nto"
        "|nog vast te stellen|nader vast te stellen|wordt nog bepaald|wordt nog bekend|datum volgt"
        "|nader bekend|nog overeen te komen|in nader overleg|nog nader te bepalen|nog niet gepland"
        "|nog niet bepaald|tzt|te zijner tijd|to be determined|open|nob|nog niet vastgesteld"
        "|nader in te vullen|planning volgt": UNDECIDED,
        "periodiek|periodieke|regelmatig|regelmatige|met regelmaat|geregeld|frequent|van tijd tot tijd"
        "|met enige regelmaat|een paar keer per jaar|enkele keren per jaar|meerdere keren per jaar"
        "|meermaals per jaar|enkele malen per jaar|meerdere malen per jaar|diverse keren per jaar"
        "|een aantal keer per jaar|een aantal keren per jaar|om de zoveel tijd|om de paar jaar"
        "|om de zoveel jaar|met vaste regelmaat|met een vaste frequentie|cyclisch|een paar maal per jaar"
        "|paar keer per jaar": RETURNS,
        "op termijn|op langere termijn|op lange termijn|op middellange termijn|op de lange termijn"
        "|op de korte termijn|middellange termijn|lange termijn|langere termijn|op de middellange termijn"
        "|later|tijdig|op tijd|vroegtijdig|te gelegener tijd|na verloop van tijd|volgend overleg"
        "|volgende vergadering|volgend bestuurlijk overleg|volgende overleg|eerstvolgende vergadering"
        "|eerstvolgende overleg|eerstvolgend overleg|eerst volgende overleg|volgende bijeenkomst"
        "|eerstvolgende bijeenkomst": DATELESS,
        "daaropvolgend jaar|daaropvolgende jaar|het jaar daarop|het jaar daarna|het jaar erna|het jaar erop"
        "|het jaar ervoor|het jaar daarvoor": OTHER_YEAR,
    }
)
OPEN_PLAIN = Lexicon(
    {
        "doorlopend|doorlopende|continu|continue|structureel|structurele|lopend|lopende|permanent"
        "|permanente|voortdurend|blijvend|altijd|gehele periode|hele periode|gehele looptijd"
        "|hele looptijd|gedurende de looptijd|looptijd|looptijd van de afspraken|gedurende de looptijd van de afspraken"
        "|looptijd van de prestatieafspraken|gedurende de looptijd van de prestatieafspraken|looptijd van het convenant"
        "|gedurende de looptijd van het convenant|onbepaalde tijd|de hele looptijd|dagelijks"
        "|dagelijkse|loopt|loopt door|loopt al|contractperiode|gehele contractperiode"
        "|gehele convenantsperiode|planperiode|convenantperiode|het hele jaar door|hele jaar door"
        "|jaarrond|doorgaand|gehele jaar|hele jaar|ongoing|vast agendapunt|staand beleid|going concern": ENDLESS,
        "nvt|niet van toepassing|geen|geen datum|geen deadline|vervallen|vervalt": NOT_ASKED,
        "onverwijld|onmiddellijk|terstond|meteen|ogenblikkelijk|zonder uitstel": AT_ONCE,
        "indien wenselijk|indien gewenst|indien nodig|zo nodig|waar nodig|wanneer nodig|desgewenst"
        "|op verzoek|incidenteel|ad hoc|naar behoefte|bij behoefte|op afroep|wanneer nodig"
        "|indien van toepassing|zodra nodig|als nodig|indien noodzakelijk|waar mogelijk|bij gelegenheid"
        "|in voorkomende gevallen|voor zover nodig|indien daar aanleiding toe is|naar aanleiding van"
        "|bij mutatie|bij aanleiding": IF_NEEDED,
        "zo vaak als nodig|vaker als nodig|vaker indien nodig": "het mag ook vaker",
        "de komende jaren|komende jaren|de volgende jaren|de aankomende jaren|aankomende jaren"
        "|de komende tijd|komende tijd|in de toekomst|de komende periode|komende periode"
        "|in een vroegtijdig stadium|in een vroeg stadium|in een later stadium|in een eerder stadium"
        "|voorgaande jaren|afgelopen jaren|de opvolgende jaren|toekomstig|de laatste jaren": VAGUE,
    }
)
# these are deadlines only when they fill a cell of their own: in running text they say something else
ONLY_ALONE = terms(
    """
    direct snel spoed spoedig open later volgt geen in per structureel structurele lopend lopende loopt looptijd
    altijd continue doorlopende permanente dagelijks dagelijkse blijvend tijdig op vervalt vervallen onbekend
    korte lange te met frequent voortdurend eerste gehele hele de vroegtijdig geregeld onbepaalde gedurende pm
    waar indien zo wanneer naar komende aankomende afgelopen voorgaande het contractperiode planperiode
    convenantperiode doorgaand bij volgend volgende eerstvolgende eerstvolgend eerst meteen onmiddellijk
    onverwijld terstond desgewenst incidenteel ad als zodra voor niet zonder vast staand going doorlopend continu
    permanent nvt jaarrond ongoing toekomstig middellange langere cyclisch omgaand ogenblikkelijk binnen van na
    """
)

# a period after these is a measure, whatever it is
MEASURES = Lexicon(
    {
        "op peil|op het peil van|peil|prijspeil|peildatum|op niveau|hetzelfde niveau als|basisjaar|referentiejaar"
        "|bouwjaar|stand per|per peildatum|ijkjaar|meetdatum|prijspeil per|prijspeil van|uit het jaar|gebouwd voor"
        "|gebouwd in|gebouwd na|gebouwd vanaf|van voor|dd|teruggerekend naar|meetmoment": MEASURE,
    }
)
# a year somewhere behind these is what is compared with
COMPARISONS = Lexicon(
    {
        "tov|ten opzichte van|vergeleken met|in vergelijking met|in vergelijking tot|als in|zoals in|gelijk aan"
        "|hetzelfde niveau als": MEASURE,
    }
)
# a period right behind these may be theirs or a deadline: "cijfers 2026", "conform planning Q3 2027"
REFERENCES = Lexicon(
    {
        "niveau|niveau van|stand|op basis van|conform|volgens|gebaseerd op|nulmeting|uitgaande van|cijfers|prijzen"
        "|gegevens|stand van zaken": MEASURE,
    }
)
# what was decided then; a day still to come is a deadline
DECIDED = Lexicon({"vastgesteld in|vastgesteld op|ondertekend op|ondertekend in": MEASURE})
# a figure behind these numbers a part of a text
NUMBERED = terms(
    """
    artikel art lid paragraaf par hoofdstuk bijlage pagina blz kenmerk nummer nr afspraak thema fase stap punt tabel
    figuur onderdeel maatregel actie perceel blok scenario variant spoor pijler
    """
)
YARDSTICKS = (MEASURES, COMPARISONS, REFERENCES, DECIDED)
# a document: the year behind it is its name
DOCUMENT_ENDINGS = endings(
    """
    agenda visie afspraken afspraak akkoord convenant programma wet regeling verordening monitor overeenkomst
    motie besluit rapport rapportage onderzoek richtlijn manifest jaarverslag handreiking circulaire nota deal
    notitie masterplan beleid beleidsplan strategie statuut protocol document woonplan structuurvisie rekening
    """
)
# the yearly thing after "de jaarlijkse" that happens by itself
YEARLY_FACTS = endings(
    """
    huurverhoging huurverhogingen circulaire indexatie indexering inflatie bijdrage subsidie budget huuraanpassing
    kosten huurronde huurstijging huursomstijging stijging toename groei productie mutatiegraad begroting cyclus
    opgave huursom
    """
)
# "voor" before these means for, not before
FOR_WHAT = terms(
    """
    komende komend volgende opvolgende eerstvolgende aankomende periode jaren jaar looptijd duur termijn rest
    resterende overige volgend nabije toekomst lange korte middellange daaropvolgende opvolgend eerstkomende
    aankomend tijdvak tijdsbestek boekjaar kalenderjaar begrotingsjaar jaarschijf jaarschijven gehele hele
    """
)
EVENT_ENDINGS = endings(
    """
    vergadering overleg bijeenkomst verkiezingen bespreking behandeling congres evaluatie gesprek besluit
    besluitvorming vaststelling commissie sessie raad begroting ronde conferentie gemeenteraad raadsbesluit avond
    tafel moment bestuurswisseling ledenraadpleging
    """
)
# nouns after which a bare year is simply when it must be there
TASK_WORDS = terms(
    """
    planning realisatie oplevering uitvoering afronding deadline streefdatum einddatum jaar kalenderjaar
    jaarschijf begrotingsjaar boekjaar datum termijn wanneer gereed klaar afgerond opgeleverd gerealiseerd
    evaluatie vaststelling besluitvorming actie periode mijlpaal eindigt doel
    """
)
FINISHED = frozenset({"gereed", "klaar", "afgerond", "opgeleverd", "gerealiseerd"})
STARTS = frozenset({"start", "starten", "gestart", "begint", "beginnen", "aanvang", "startdatum"})
WHOLE_YEARS = terms("jaar begrotingsjaar kalenderjaar boekjaar verslagjaar dienstjaar")
TERM_WORDS = terms(
    """
    looptijd geldend geldt gelden geldig geldigheid duur overeenkomst contractperiode contractduur
    geldigheidsduur werkingsduur convenantperiode loopt lopen
    """
)
