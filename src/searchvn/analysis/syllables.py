"""Which words are Vietnamese syllables, as far as letters without tone marks can tell.

Main names: `INITIALS`, `RIMES`, `is_folded_syllable`. Invariant: a syllable is one initial followed by one rime.
Source: the rime chart of Đoàn Thiện Thuật, "Ngữ âm tiếng Việt" (1977), in today's spelling; rimes that only loan words
or sound-imitating words have (oong, ôông, ooc) are included.
"""

from __future__ import annotations

import unicodedata

INITIALS: frozenset[str] = frozenset(["", *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()])

RIMES: frozenset[str] = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt
    âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et
    ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    y yêm yên yêng yêt yêu ych ynh yt yn yp yu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot
    ô ôc ôi ôm ôn ông ôông ôp ôt
    ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh
    uyp uyt uyu
    ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    """.split()
)


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace("đ", "d")


_FOLDED_INITIALS = frozenset(map(_without_marks, INITIALS))
_FOLDED_RIMES = frozenset(map(_without_marks, RIMES))


def is_folded_syllable(term: str) -> bool:
    """True when `term` (lower case, no marks) is a Vietnamese syllable with its marks taken off.

    >>> [is_folded_syllable(word) for word in ("nghieng", "quyet", "gi", "street")]
    [True, True, True, False]
    """
    if len(term) > 7:
        return False
    if term == "gi":
        return True
    return any(
        term[:cut] in _FOLDED_INITIALS and term[cut:] in _FOLDED_RIMES for cut in range(min(3, len(term) - 1), -1, -1)
    )
