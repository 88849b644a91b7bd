"""Characters that a searcher takes for the same: kana, small kana, long vowels, repeated and old characters.

One table, used for what is indexed and for what is looked for. Every entry is one character for one, or for
none, whatever stands around it: so that a piece of a text folds to a piece of the folded text. Only a mark of
repetition looks back, at the one character before it.
"""

from __future__ import annotations

import re

_KATAKANA = {c: c - 0x60 for c in range(0x30A1, 0x30F7)}
_SMALL = dict(zip(map(ord, "ぁぃぅぇぉっゃゅょゎゕゖ"), map(ord, "あいうえおつやゆよわかけ"), strict=True))
_SAME_SOUND = dict(zip(map(ord, "ぢづゐゑゔ"), map(ord, "じずいえぶ"), strict=True))
_LONG = dict.fromkeys(map(ord, "ー"))

_OLD = (
    "亞惡壓圍醫爲壹隱榮營衞驛圓艷鹽奧應橫歐毆黃溫穩假價畫會囘懷繪擴殼覺學嶽樂勸卷歡罐觀關陷顏"
    "歸氣龜僞戲犧舊據擧峽挾狹鄕堯曉勤區驅勳薰羣徑惠溪經繼莖螢輕鷄藝擊缺儉劍圈檢權獻縣險顯驗嚴"
    "效廣恆鑛號國濟碎齋劑雜參慘棧蠶贊殘絲齒兒辭濕實舍寫釋壽收從澁獸縱肅處緖敍奬將燒稱證乘剩壤孃"
    "條淨狀疊讓釀囑觸寢愼眞盡圖粹醉隨髓數樞聲靜齊攝竊專戰淺潛纖踐錢禪雙壯搜插巢爭總聰莊裝騷臟藏屬"
    "續墮體對帶滯瀧擇澤單擔膽團彈斷癡遲晝蟲鑄廳聽敕鎭遞鐵轉點傳黨盜燈當鬭德獨讀屆繩貳惱腦廢拜賣"
    "麥發髮拔蠻祕濱甁拂佛竝變邊辨瓣辯辮步寶豐沒飜槇萬滿默彌藥譯豫餘與譽搖樣謠來賴亂覽龍兩獵"
    "綠壘勵禮隸靈齡戀爐勞樓郞祿錄灣髙﨑槙嶋嶌峯邉冨栁廰濵凜瑤遙薗籠爾"
)
_NEW = (
    "亜悪圧囲医為壱隠栄営衛駅円艶塩奥応横欧殴黄温穏仮価画会回懐絵拡殻覚学岳楽勧巻歓缶観関陥顔"
    "帰気亀偽戯犠旧拠挙峡挟狭郷尭暁勤区駆勲薫群径恵渓経継茎蛍軽鶏芸撃欠倹剣圏検権献県険顕験厳"
    "効広恒鉱号国済砕斎剤雑参惨桟蚕賛残糸歯児辞湿実舎写釈寿収従渋獣縦粛処緒叙奨将焼称証乗剰壌嬢"
    "条浄状畳譲醸嘱触寝慎真尽図粋酔随髄数枢声静斉摂窃専戦浅潜繊践銭禅双壮捜挿巣争総聡荘装騒臓蔵属"
    "続堕体対帯滞滝択沢単担胆団弾断痴遅昼虫鋳庁聴勅鎮逓鉄転点伝党盗灯当闘徳独読届縄弐悩脳廃拝売"
    "麦発髪抜蛮秘浜瓶払仏並変辺弁弁弁弁歩宝豊没翻槙万満黙弥薬訳予余与誉揺様謡来頼乱覧竜両猟"
    "緑塁励礼隷霊齢恋炉労楼郎禄録湾高崎槙島島峰辺富柳庁浜凛瑶遥園篭爾"
)
_KANJI = {ord(old): ord(new) for old, new in zip(_OLD, _NEW, strict=True) if old != new}
_VARIANTS = dict(zip(map(ord, "彥淸靑內產晉槪"), map(ord, "彦清青内産晋概"), strict=True))

SAME: dict[int, int | None] = {
    **{c: _SMALL.get(k, _SAME_SOUND.get(k, k)) for c, k in _KATAKANA.items()},
    **_SMALL,
    **_SAME_SOUND,
    **_LONG,
    **_KANJI,
    **_VARIANTS,
}
"""For ``str.translate``: what each character is taken for."""

_REPEATED = re.compile("(.)([々〻ゝヽゞヾ]+)", re.DOTALL)
_PLAIN, _WITH_VOICE = "かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだぢづでどばびぶべぼ"
_VOICED = dict(zip(_PLAIN, _WITH_VOICE, strict=True))
REPEATS = frozenset("々〻ゝヽゞヾ")
"""Marks that stand for the character before them."""


def repeated(text: str) -> str:
    """A text with the character in place of a mark that repeats it: 人々 as 人人, いすゞ as いすず."""
    return _REPEATED.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    before, marks = match[1], match[2]
    if before.isspace():
        return match[0]
    return before + "".join(_VOICED.get(before, before) if mark in "ゞヾ" else before for mark in marks)
