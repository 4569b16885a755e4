"""Patterns for the UI strings around an article of Wix, in several languages."""

import re

TOP_OF_PAGE = re.compile(
    r"(?:top of page|haut de page|parte superior de la página|principio de la página|seitenanfang|oben auf der seite"
    r"|topo da página|parte superior da página|inizio pagina|inizio della pagina)",
    re.IGNORECASE,
)
BOTTOM_OF_PAGE = re.compile(
    r"(?:bottom of page|bas de page|parte inferior de la página|final de la página|seitenende|unten auf der seite"
    r"|fim da página|parte inferior da página|fine pagina|fine della pagina)",
    re.IGNORECASE,
)
AUTHOR = re.compile(
    r"[•·*\-–—]?\s*(?:writer['’ʼ`´]?s? (?:picture|profile picture)|writer: |foto del escritor|photo du rédacteur"
    r"|photo de l['’]auteur|autorenbild|foto do escritor|immagine del redattore|foto van schrijver|zdjęcie autora"
    r"|фото автора|skribentens bilde?|forfatterens bill?ede?|yazarın fotoğrafı|執筆者の写真|작성자 사진|תמונת הסופר/ת)"
    r"\s*:?\s*(?P<name>.*)",
    re.IGNORECASE,
)
"""The alternative text of an avatar, followed by the name of the author."""

READING_TIME = re.compile(
    r"(?:(?:\d{1,3}|less than a|a)\s*min(?:ut(?:en|[eios])?)?(?:\(y\))?s?\.?"
    r"\s*(?:read|de lecture|de lectura|di lettura|de leitura|lesezeit|om te lezen|czytania|läsning|læsning|lesing"
    r"|læsetid)?|\d{1,3} (?:мин\.? чтения|dakikada okunur)|tempo di lettura:? \d{1,3} min\.?"
    r"|読了時間\s*[：:]\s*\d{1,3}\s*分|\d{1,3}\s*분 분량)",
    re.IGNORECASE,
)
MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "sty": 1, "янв": 1, "oca": 1,
    "feb": 2, "fév": 2, "fev": 2, "lut": 2, "фев": 2, "şub": 2,
    "mar": 3, "mär": 3, "mrt": 3, "мар": 3,
    "apr": 4, "avr": 4, "abr": 4, "kwi": 4, "апр": 4, "nis": 4,
    "may": 5, "mai": 5, "mag": 5, "maj": 5, "mei": 5, "мая": 5, "май": 5,
    "jun": 6, "juin": 6, "giu": 6, "cze": 6, "июн": 6, "haz": 6,
    "jul": 7, "juil": 7, "lug": 7, "lip": 7, "июл": 7, "tem": 7,
    "aug": 8, "aoû": 8, "aou": 8, "ago": 8, "sie": 8, "авг": 8, "ağu": 8,
    "sep": 9, "set": 9, "wrz": 9, "сен": 9, "eyl": 9,
    "oct": 10, "okt": 10, "ott": 10, "out": 10, "paź": 10, "окт": 10, "eki": 10,
    "nov": 11, "lis": 11, "ноя": 11, "kas": 11,
    "dec": 12, "déc": 12, "dez": 12, "dic": 12, "des": 12, "gru": 12, "дек": 12, "ara": 12,
}  # fmt: skip
"""The first letters of month names in the languages of Wix."""
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})[^\W\d]{{0,7}}\.?"
_UPDATED = (
    r"(?:updated|aktualisiert|mis à jour|actualizado|aggiornato|atualizado|bijgewerkt|zaktualizowano|обновлено"
    r"|uppdaterat|opdateret|oppdatert|güncelleme tarihi|更新日|업데이트)\s*+(?:[：:]\s*+)?(?:le |am |el |il |em |op )?"
)
_WEEKDAY = r"(?:[^\W\d]{3,10}\.?,? )?"
_DAY = (
    rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:de )?{_MONTH},? (?:de )?\d{{4}}(?:\s*г\.)?"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}年\d{1,2}月\d{1,2}日|\d{4}\. ?\d{1,2}\. ?\d{1,2}\.)"
    r"(?:,? (?:at )?\d{1,2}:\d\d(?: ?[ap]\.?m\b\.?)?)?"
)
DATE = re.compile(rf"(?P<updated>{_UPDATED})?(?P<date>{_WEEKDAY}{_DAY})(?P<rest>.*)", re.IGNORECASE)
GLUED_DATE = re.compile(rf"(?:(?<![\s•·|,])[\s•·|,]++)?(?P<date>{_DAY}.*)", re.IGNORECASE)
_RELATIVE_DATE = (
    r"\d{1,3} \w+ (?:ago|fa|geleden|temu|назад|önce)|(?:vor|il y a|hace|há) \d{1,3} \w+"
    r"|f[öo]r \d{1,3} \w+ (?:sedan|siden)|\d{1,3}[hdm] ago|\d{1,3} ?(?:日|時間|分|週間)前|\d{1,3} ?(?:일|시간|분|주) 전"
    r"|yesterday|just now|gestern|hier|ayer|ontem|ieri|gisteren|wczoraj|вчера|igår|i går|dün"
)
UNDATED = re.compile(
    rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}}\.? (?:de )?{_MONTH}|\d{{1,2}}月\d{{1,2}}日|{_RELATIVE_DATE})"
    r"(?P<rest>\s*(?:[·•|,]|$).*|\s*\d{1,3} min.*)",
    re.IGNORECASE,
)
"""A date without a year, or relative to when the page was saved, which cannot be resolved."""

RATING = re.compile(
    r"(?:rated (?:\d|nan).*|no ratings yet|add a rating\W*|mit .{1,8} von 5 sternen bewertet\.?"
    r"|noté .{1,8} étoiles sur 5\.?"
    r"|obtuvo .{1,8} de 5 estrellas\.?|avaliado com .{1,8} de 5 estrelas\.?)",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"(?:(?:\d{1,5} )?(?:comments?|commentaires?|kommentare|comentarios|comentários|commenti)(?: \(\d{1,5}\))?"
    r"|write a comment\W*)",
    re.IGNORECASE,
)
"""The heading of the comments below a post."""

NAVIGATION = re.compile(
    r"(?:home|about(?: us)?|blog|contact(?: us)?|log ?in|sign ?up|log in / sign up|all posts|search|more|menu|shop"
    r"|forum|members|news|events|services|gallery|post: .*|use tab to navigate through the menu items\.?"
    r"|skip to main content|subscribe|donate|cart|0|accueil|startseite|inicio|início|all categories)",
    re.IGNORECASE,
)
RECENT_POSTS = re.compile(
    r"(?:recent posts|related posts|posts récents|aktuelle beiträge|ähnliche beiträge|entradas recientes"
    r"|posts recentes|post recenti|recente blogposts|ostatnie posty|недавние посты|senaste inlägg|seneste indlæg"
    r"|siste innlegg|son yazılar|最新記事|최근 게시물)",
    re.IGNORECASE,
)
SEE_ALL = re.compile(
    r"(?:see all|voir tout|tout voir|alle ansehen|ver todo|ver tudo|mostra tutti|alles weergeven|zobacz wszystkie"
    r"|смотреть все|visa alla|se alle|hepsini gör|すべて表示|전체 보기)",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(
    r"(?:comments?|write a comment\W*|share(?: this post| via)?|likes?|post (?:not )?marked as liked\.?"
    r"|print(?: post)?|sort by:?|newest|oldest|log in to leave a comment\.?|commenting (?:has been|is) turned off\.?"
    r"|commenting on this.*|facebook|twitter|linkedin|x|copy link"
    r"|link copied|pinterest|whatsapp|subscribe|thanks for (?:submitting|subscribing)!?|©.*"
    r"|proudly created with wix\.com|powered by wix.*|tags:?)",
    re.IGNORECASE,
)
BULLET = re.compile(r"[•◦▪‣]\s*(?=\S)")
INVISIBLE = re.compile("[\u200b\ufeff\u2060\u00ad]")
