"""The words that Wix puts around an article, in the languages of its page templates that we know."""

import re

TOP = re.compile(
    r"(?:top of page|haut de page|parte superior de la página|principio de la página|seitenanfang|oben auf der seite"
    r"|topo da página|parte superior da página|inizio pagina|inizio della pagina)",
    re.IGNORECASE,
)
BOTTOM = re.compile(
    r"(?:bottom of page|bas de page|parte inferior de la página|final de la página|seitenende|unten auf der seite"
    r"|fim da página|parte inferior da página|fine pagina|fine della pagina)",
    re.IGNORECASE,
)
AUTHOR = re.compile(
    r"[•·*\-–—]?\s*(?:writer['’ʼ`´]?s? (?:picture|profile picture)|writer: |foto del escritor|photo du rédacteur"
    r"|photo de l['’]auteur|autorenbild|foto do escritor|immagine del redattore)\s*:?\s*(?P<name>.*)",
    re.IGNORECASE,
)
"""An avatar's alternative text, to which a copy glues the author's name."""

READING_TIME = re.compile(
    r"(?:\d{1,3}|less than a|a)\s*min(?:ute)?s?\.?"
    r"\s*(?:read|de lecture|de lectura|di lettura|de leitura|lesezeit)?",
    re.IGNORECASE,
)
_CHANGED = r"(?:updated|aktualisiert|mis à jour|actualizado|aggiornato|atualizado)\s*:?\s*(?:le |am |el |il |em )?"
_MONTH = (
    r"(?:jan|f[eé]v|feb|fév|mär|mar|avr|abr|apr|mai|may|mag|juin|jun|giu|juil|jul|lug|ao[uû]|aug|ago|sep|set|o[ck]t|ott"
    r"|out|nov|d[eé]c|dez|dic|ene|gen|enero|janv)[^\W\d]{0,7}\.?"
)
_WEEKDAY = r"(?:[^\W\d]{3,10}\.?,? )?"
_DAY = (
    rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:de )?{_MONTH},? (?:de )?\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
DATE = re.compile(rf"(?P<updated>{_CHANGED})?(?P<date>{_WEEKDAY}{_DAY})(?P<rest>.*)", re.IGNORECASE)
UNDATED = re.compile(
    rf"(?:{_MONTH} \d{{1,2}}|\d{{1,3}} (?:minutes?|hours?|days?|weeks?|months?) ago|yesterday|just now"
    r"|\d{1,3}[hdm] ago)(?P<rest>\s*(?:[·•|,]|$).*|\s*\d{1,3} min.*)",
    re.IGNORECASE,
)
"""A day of this year, or one counted from when the page was saved: it does not say which day it was."""

SOURCE = re.compile(r"\(\s*(?P<name>[^()]{2,60}?)\s*\)")
NAVIGATION = re.compile(
    r"(?:home|about(?: us)?|blog|contact(?: us)?|log ?in|sign ?up|log in / sign up|all posts|search|more|menu|shop"
    r"|forum|members|news|events|services|gallery|post: .*|use tab to navigate through the menu items\.?"
    r"|skip to main content|subscribe|donate|cart|0|accueil|startseite|inicio|início|all categories)",
    re.IGNORECASE,
)
RECENT = re.compile(
    r"(?:recent posts|related posts|posts récents|aktuelle beiträge|ähnliche beiträge|entradas recientes"
    r"|posts recentes|post recenti)",
    re.IGNORECASE,
)
SEE_ALL = re.compile(r"(?:see all|voir tout|tout voir|alle ansehen|ver todo|ver tudo|mostra tutti)", re.IGNORECASE)
FURNITURE = re.compile(
    r"(?:comments?|write a comment\W*|share(?: this post| via)?|likes?|post (?:not )?marked as liked\.?"
    r"|print(?: post)?|sort by:?|newest|oldest|log in to leave a comment\.?|commenting (?:has been|is) turned off\.?"
    r"|commenting on this.*|rated \d.*|no ratings yet|add a rating\W*|facebook|twitter|linkedin|x|copy link"
    r"|link copied|pinterest|whatsapp|subscribe|thanks for (?:submitting|subscribing)!?|©.*"
    r"|proudly created with wix\.com|powered by wix.*|tags:?)",
    re.IGNORECASE,
)
BULLET = re.compile(r"[•◦▪‣]\s*(?=\S)")
INVISIBLE = re.compile("[\u200b\ufeff\u2060\u00ad]")
MONTHS = {
    "jan": 1, "fév": 2, "fev": 2, "feb": 2, "mär": 3, "mar": 3, "avr": 4, "abr": 4, "apr": 4, "mai": 5, "may": 5,
    "mag": 5, "juin": 6, "jun": 6, "giu": 6, "juil": 7, "jul": 7, "lug": 7, "aoû": 8, "aug": 8, "ago": 8, "sep": 9,
    "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11, "déc": 12, "dez": 12, "dic": 12, "dec": 12,
    "ene": 1, "gen": 1,
}  # fmt: skip
"""How month names begin in six languages."""
