"""Folding, tidying, sorting and searching; each SQL function equals its Python twin."""

import random
import unicodedata

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from hypothesis import given, settings
from hypothesis import strategies as st

from core import text
from core.sql.text import FORWARD, REVERSE
from tests.persian import vectors

PERSIAN = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىٱپچژکگیۀەہھےۂۃڪ"
ALPHABETS = [
    PERSIAN,
    PERSIAN,
    "۰۱۲۳٤٥٦0123456789",
    "abcXYZ éÉİıßΣσςǅ",
    "\u200c\u200d\u200e\u064b\u0651\u0670\u0654\u0653\u0640 \t\n\xa0\u2028\u0674",
    "ﷲﷺﻓﺎﺳﯽﺍﹰ①½ﬁＡ",
    "😀👨\u200d👩\u200d👧❤\ufe0f🇮🇷",
    "'\"\\%_-+.,،؛؟٬٫",
]
letters = st.text(st.characters(exclude_categories=("Cs", "Cn", "Co"), exclude_characters="\x00"), max_size=40)


@pytest.mark.parametrize(("typed", "folded", "tight"), vectors.FOLDS)
def test_fold_vectors(typed, folded, tight):
    assert text.fold(typed) == folded
    assert text.tight(typed) == tight
    assert text.search_key(typed) == f" {folded} {tight}"


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "folded", "tight"), vectors.FOLDS)
def test_fold_vectors_in_sql(typed, folded, tight):
    assert sql_keys([typed])[0][:3] == (folded, tight, f" {folded} {tight}")


def sql_keys(texts):
    query = """select pv_fold(x), pv_tight(x), pv_search(x), pv_sort(x)
               from unnest(%s::text[]) with ordinality as u (x, o) order by o"""
    with connection.cursor() as cursor:
        cursor.execute(query, [texts])
        return cursor.fetchall()


def python_keys(texts):
    return [(text.fold(x), text.tight(x), text.search_key(x), text.sort_key(x)) for x in texts]


def random_texts(count):
    dice = random.Random(1405)
    for _ in range(count):
        length = dice.randint(0, 24)
        if dice.random() < 0.25:
            chosen = (chr(dice.randint(1, 0x2FFFF)) for _ in range(length))
            yield "".join(c for c in chosen if unicodedata.category(c) not in {"Cs", "Cn", "Co"})
        else:
            yield "".join(dice.choice(dice.choice(ALPHABETS)) for _ in range(length))


@pytest.mark.django_db
def test_sql_equals_python_on_random_texts():
    texts = list(random_texts(6000))
    assert sql_keys(texts) == python_keys(texts)


@pytest.mark.django_db
def test_long_texts_give_short_sort_keys():
    long = "ﷺ" * 250
    assert sql_keys([long]) == python_keys([long])
    assert len(text.sort_key(long)) == 200


def test_sort_order():
    shuffled = vectors.SORTED_NAMES[:]
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=text.sort_key) == vectors.SORTED_NAMES


def test_alphabet_order():
    shuffled = vectors.SORTED_LETTERS[:]
    random.Random(2).shuffle(shuffled)
    assert sorted(shuffled, key=text.sort_key) == vectors.SORTED_LETTERS


def test_latin_accents_sort_with_their_letters():
    names = ["Zoë", "Élan", "Eda", "یاسر"]
    assert sorted(names, key=text.sort_key) == ["یاسر", "Eda", "Élan", "Zoë"]


@pytest.mark.django_db
def test_sort_order_in_sql():
    with connection.cursor() as cursor:
        cursor.execute(
            'select x from unnest(%s::text[]) x order by pv_sort(x) collate "C"', [vectors.SORTED_NAMES[::-1]]
        )
        assert [name for (name,) in cursor.fetchall()] == vectors.SORTED_NAMES


@pytest.mark.django_db
def test_functions_can_be_removed_and_made_again():
    with connection.cursor() as cursor:
        cursor.execute("create temp table kept as select pv_fold('ي') as folded")
        for statement in FORWARD:
            cursor.execute(statement)
        cursor.execute("set local search_path = ''")
        cursor.execute("select public.pv_search('علي كريمي')")
        assert cursor.fetchone() == (" علی کریمی علیکریمی",)
    assert len(REVERSE) == 4


@given(letters)
@settings(max_examples=200, deadline=None)
def test_fold_and_clean_settle(typed):
    assert text.clean(text.clean(typed)) == text.clean(typed)
    assert "  " not in text.fold(typed)
    assert " " not in text.tight(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("علي كريمي", "علی کریمی"),
        ("رئیس", "رئیس"),
        ("آرش", "آرش"),
        ("می\u200cرود", "می\u200cرود"),
        ("شـــرکت", "شرکت"),
        ("  a \t b\n", "a b"),
        ("\u202eevil\u202c", "evil"),
        ("a\x00b", "ab"),
        ("\u200c\u200c", ""),
        ("خانه\u200c ها", "خانه ها"),
        ("نامه\u200c\u200cها", "نامه\u200cها"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("e\u0301", "é"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("نسخه 2", "نسخه 2"),
    ],
)
def test_clean(typed, stored):
    assert text.clean(typed) == stored


def test_clean_keeps_lines_when_asked():
    assert text.clean("یک \r\n\r\n  دو\u2028سه \n", multiline=True) == "یک\n\n دو\nسه"


def test_digits():
    assert text.to_ascii_digits("۰۹٠٩x") == "0909x"
    assert text.to_persian_digits("0912") == "۰۹۱۲"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("09121234567", ["9121234567"]),
        ("۰۹۱۲ ۱۲۳ ۴۵۶۷", ["9121234567"]),
        ("+98 912-123-4567", ["9121234567"]),
        ("0098912", ["912"]),
        ("+98912", ["912"]),
        ("021-88776655", ["2188776655"]),
        ("علی 0912", ["علی", "912"]),
        ("ژیان\u200cپور", ["ژیانپور"]),
        ("شركت  شرکت", ["شرکت"]),
        ("049-937089-9", ["049-937089-9"]),
        ("1405-0012345", ["1405-0012345"]),
        ("\u200c \x00", []),
        ("", []),
    ],
)
def test_search_words(query, words):
    assert text.search_words(query) == words


def test_search_is_bounded():
    assert len(text.search_words("یک " * 5000)) <= 1
    assert len(text.search_words(" ".join(str(n) for n in range(100)))) <= text.MAX_SEARCH_WORDS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "query", "found"),
    [
        ("ژیان پور", "ژیان\u200cپور", True),
        ("ژیان\u200cپور", "ژیان پور", True),
        ("ژیانپور", "ژیان پور", True),
        ("ژیان پور", "ژیانپور", True),
        ("شرکت آریا", "شركت", True),
        ("+989121234567", "09121234567", True),
        ("+989121234567", "+98912", True),
        ("+989121234567", "0098912 123 4567", True),
        ("+989121234567", "۰۹۱۲", True),
        ("+989121234567", "0913", False),
        ("علی", "لی", False),
        ("لیلا", "لی", True),
        ("100% سود", "100%", True),
        ("1000 سود", "100%", False),
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("back\\slash", "k\\\\s", False),
        ("back\\slash", "ack\\s", True),
    ],
)
def test_search_q(stored, query, found):
    user = get_user_model()
    user.objects.create(email="someone@example.com")
    rows = user.objects.annotate(key=Concat(Value(text.search_key(stored)), Value("")))
    assert rows.filter(text.search_q("key", query)).exists() is found


def test_keys_compile_and_deconstruct():
    path, args, kwargs = text.SearchKey("email", "id").deconstruct()
    assert (path, args, kwargs) == ("core.text.SearchKey", ("email", "id"), {})
    assert text.SearchKey("email") == text.SearchKey("email")
    assert text.SearchKey("email") != text.SearchKey("id")
    sql = str(get_user_model().objects.annotate(k=text.SortKey("email"), s=text.SearchKey("email", "id")).query)
    assert "pv_sort(coalesce((" in sql
    assert "::text, '') || ' ' || coalesce((" in sql


@pytest.mark.django_db
def test_keys_in_a_query():
    user = get_user_model()
    user.objects.create(email="ali@example.com")
    row = user.objects.annotate(k=text.SearchKey("email"), same=F("email")).get()
    assert row.k == text.search_key(row.same)
