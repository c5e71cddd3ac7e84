"""Prints the characters that a face of the papers is to have: `characters.py regular|bold|marks FILE NUMBER UNIHAN`.

`UNIHAN` is Unicode's Unihan_OtherMappings.txt, whose kTGH marks the 8,105 characters of the 通用规范汉字表.
"""

import bz2
import sys

from fontTools.ttLib import TTFont

MARKS = [
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x01CD, 0x01DC),  # vowels of Pinyin with tones
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x20BF),  # superscripts, currencies
    (0x2100, 0x22FF),  # letterlike, Roman numbers, arrows, mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x2500, 0x26FF),  # boxes, squares, circles, stars
    (0x2700, 0x27BF),  # ticks and crosses
    (0x3000, 0x30FF),  # CJK punctuation, kana
    (0x3200, 0x33FF),  # numbers in parentheses, units
    (0xFE10, 0xFE4F),  # CJK compatibility forms
    (0xFF01, 0xFFEE),  # full-width forms
]

HAN = [
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # the unified ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0x20000, 0x323AF),  # extensions B to H
]


def encoded(codec, first, second):
    """All characters of two bytes of a Chinese encoding."""
    found = set()
    for high in first:
        for low in second:
            try:
                found.add(ord(bytes([high, low]).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                pass
    return found


def standard(unihan):
    """通用规范汉字表."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        fields = (line.split("\t") for line in lines if "\tkTGH\t" in line)
        return {int(code[2:], 16) for code, _, _ in fields}


def wanted(face, unihan):
    marks = {code for first, last in MARKS for code in range(first, last + 1)}
    if face == "marks":
        return marks
    hanzi = standard(unihan)
    assert len(hanzi) == 8105, len(hanzi)
    if face == "bold":
        return marks | hanzi | encoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    every = {code for first, last in HAN for code in range(first, last + 1)}
    return marks | hanzi | every | encoded("gbk", range(0x81, 0xFF), range(0x40, 0xFF))


face, file, number, unihan = sys.argv[1:]
has = set(TTFont(file, fontNumber=int(number)).getBestCmap())
print("\n".join(f"U+{code:04X}" for code in sorted(wanted(face, unihan) & has)))
