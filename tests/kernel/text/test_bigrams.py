"""A text's numbers are its characters and pairs, and a word's numbers are among those of every text that holds it."""

from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.text import (
    TOKEN_BITS,
    Phrase,
    Prefix,
    fold,
    query_terms,
    spellings,
    text_tokens,
    word_tokens,
)
from yakuba.kernel.text.bigrams import MAX_QUERY

DENSE = st.text(alphabet=st.sampled_from("空家ケガ関a1- \"'*𠮷\ufa11"), max_size=12)
ANY = st.one_of(DENSE, st.text(max_size=8))


@given(ANY, ANY)
def test_a_text_that_holds_a_word_has_its_numbers(text: str, query: str) -> None:
    folded = fold(text)
    for term in query_terms(query):
        for word in spellings(term):
            if word in folded:
                assert word_tokens(word) <= text_tokens([folded])
            if len(word) <= 2:
                assert (word in folded) == (word_tokens(word) <= text_tokens([folded]))


@given(st.text(max_size=50))
def test_numbers_have_42_bits(text: str) -> None:
    assert all(0 <= token < 1 << TOKEN_BITS for token in text_tokens([text]))


def test_characters_and_pairs_are_told_apart() -> None:
    assert text_tokens(["空家"]) == {0x7A7A, 0x5BB6, 0x7A7A << 21 | 0x5BB6}
    assert word_tokens("空") == {0x7A7A}
    assert word_tokens("空家等") == {0x7A7A << 21 | 0x5BB6, 0x5BB6 << 21 | 0x7B49}
    assert text_tokens([""]) == word_tokens("") == set()


def test_no_pair_goes_over_the_border_of_two_texts() -> None:
    assert not word_tokens("空家") & text_tokens(["空", "家"])


def test_terms_of_a_query():
    assert query_terms(" 空　家 空") == [Prefix("空"), Prefix("家")]
    assert query_terms("空家 \u200b") == [Phrase(("空家",))]
    assert query_terms("霞が関") == [Phrase(("霞ガ関", "霞ケ関"))]
    assert query_terms("がん") == [Phrase(("ガン",))]
    assert len(query_terms("関ケ関ケ関ケ関")[0].spellings) == 9
    assert query_terms("あ" * 300) == [Phrase((fold("あ") * MAX_QUERY,))]
