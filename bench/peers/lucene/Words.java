/*
 * Token -> its exact term, folded term and shingle code, each made once.
 *
 * Main type: Words. Invariant: for Vietnamese words, numbers and foreign Latin words the terms are those that
 * searchvn.analysis gives (tests compare the sums of both indexes); rare compatibility letters may differ.
 */

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.lucene.util.BytesRef;

/** A table of its own for each thread: no locks. It fills itself, and forgets everything when it is full. */
final class Words {
    /** All that is known of one token. */
    static final class Entry {
        final char[] text;
        final int hash;
        final BytesRef exact;
        final BytesRef folded;
        final int code; // of 4,096
        final boolean ascii; // as written
        final boolean digit;
        final boolean syllable; // the folded term is a Vietnamese syllable without its marks
        final BytesRef capital; // the token itself where it spells a syllable in capitals, else null

        Entry(char[] text, int hash, String exact, String folded, Tables tables) {
            String token = new String(text);
            this.text = text;
            this.hash = hash;
            this.exact = new BytesRef(exact);
            this.folded = new BytesRef(folded);
            CRC32 crc = new CRC32();
            crc.update(this.folded.bytes, 0, this.folded.length);
            code = (int) (crc.getValue() % BUCKETS);
            ascii = token.chars().allMatch(c -> c < 128);
            digit = token.chars().anyMatch(Character::isDigit);
            syllable = tables.folded.contains(folded);
            capital = tables.capitals.contains(token) ? new BytesRef(token) : null;
        }
    }

    static final int BUCKETS = 4096;
    static final int MAX_TERM = 100;
    private static final int MOST = 1 << 20; // entries
    private static final String TONES = "\u0300\u0301\u0309\u0303\u0323";
    private static final String VOWELS = "aăâeêioôơuưy";
    private static final Pattern MARKS = Pattern.compile("[\u0300-\u036f]");
    private static final Pattern INVISIBLE =
            Pattern.compile("[\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u20e3\ufeff]");
    private static final Pattern Y_ALONE = Pattern.compile("[hklmstv]y|quy(?:|t|n|nh|ch|p|u)");
    private static final Pattern QU_Y = Pattern.compile("qu[yỳýỷỹỵ](?:|t|n|nh|ch|p|u)");
    private static final String YS = "yỳýỷỹỵ";
    private static final String IS = "iìíỉĩị";
    // Latin letters that have no decomposition, as unidecode writes them.
    private static final String UNDECOMPOSED = "đdðdøołlßssæaeœoeþthıi";

    private final Tables tables;
    private Entry[] slots = new Entry[1 << 16];
    private int size;

    Words(Tables tables) {
        this.tables = tables;
    }

    static int hash(int hash, char c) {
        return hash * 31 + c;
    }

    /** The entry of chars[from:to], whose `hash` is the running one of its characters. */
    Entry get(char[] chars, int from, int to, int hash) {
        int slot = (hash * 0x9E3779B9) >>> 7 & slots.length - 1;
        for (Entry entry; (entry = slots[slot]) != null; slot = slot + 1 & slots.length - 1) {
            if (entry.hash == hash && java.util.Arrays.equals(entry.text, 0, entry.text.length, chars, from, to)) {
                return entry;
            }
        }
        String token = new String(chars, from, to - from);
        String exact = canonical(token);
        Entry entry = new Entry(token.toCharArray(), hash, exact, fold(exact), tables);
        slots[slot] = entry;
        if (++size * 2 > slots.length) {
            grow();
        }
        return entry;
    }

    private void grow() {
        Entry[] old = slots;
        boolean full = size >= MOST;
        slots = new Entry[full ? 1 << 16 : old.length * 2];
        size = full ? 0 : size;
        for (Entry entry : full ? new Entry[0] : old) {
            if (entry != null) {
                int slot = (entry.hash * 0x9E3779B9) >>> 7 & slots.length - 1;
                while (slots[slot] != null) {
                    slot = slot + 1 & slots.length - 1;
                }
                slots[slot] = entry;
            }
        }
    }

    /** Lower case, one place for the tone mark, i for y where print uses either. */
    String canonical(String token) {
        String term = cut(cut(token).toLowerCase(java.util.Locale.ROOT));
        if (term.chars().allMatch(c -> c < 128)) {
            return iForY(term);
        }
        if (tables.syllables.contains(term)) {
            return term;
        }
        term = INVISIBLE.matcher(term).replaceAll("");
        if (!Normalizer.isNormalized(term, Normalizer.Form.NFKC) && !term.contains("\u2044")) {
            String compatible = Normalizer.normalize(term, Normalizer.Form.NFKC).toLowerCase(java.util.Locale.ROOT);
            term = compatible.codePoints().allMatch(Lines::isPartOfWord) ? cut(compatible) : term;
        }
        term = iForY(term.replace('ð', 'đ').replace('ɖ', 'đ'));
        return term.isEmpty() ? token : moveTone(term);
    }

    private static String cut(String term) {
        return term.length() <= MAX_TERM ? term : term.substring(0, term.offsetByCodePoints(0,
                Math.min(MAX_TERM, term.codePointCount(0, term.length()))));
    }

    private static String iForY(String term) {
        if (term.length() == 2) {
            int at = YS.indexOf(term.charAt(1));
            if (at >= 0 && (at == 0 ? "hklt" : "hklmstv").indexOf(term.charAt(0)) >= 0) {
                return term.substring(0, 1) + IS.charAt(at);
            }
        }
        if (term.startsWith("qu") && QU_Y.matcher(term).matches()) {
            return "qu" + IS.charAt(YS.indexOf(term.charAt(2))) + term.substring(3);
        }
        return term;
    }

    /** The term with its one tone mark where it makes a legal syllable of it, if that is one place only. */
    private String moveTone(String term) {
        if (term.length() > 8) {
            return term;
        }
        String parts = Normalizer.normalize(term, Normalizer.Form.NFD);
        int at = -1;
        for (int i = 0; i < parts.length(); i++) {
            if (TONES.indexOf(parts.charAt(i)) >= 0) {
                if (at >= 0) {
                    return term;
                }
                at = i;
            }
        }
        if (at < 0) {
            return term;
        }
        String plain = Normalizer.normalize(parts.substring(0, at) + parts.substring(at + 1), Normalizer.Form.NFC);
        Set<String> legal = new HashSet<>();
        for (int i = 0; i < plain.length(); i++) {
            if (VOWELS.indexOf(plain.charAt(i)) >= 0) {
                String moved = plain.substring(0, i + 1) + parts.charAt(at) + plain.substring(i + 1);
                moved = iForY(Normalizer.normalize(moved, Normalizer.Form.NFC));
                if (tables.syllables.contains(moved)) {
                    legal.add(moved);
                }
            }
        }
        return legal.size() == 1 ? legal.iterator().next() : term;
    }

    /** No marks, d for đ, other Latin letters in ASCII, other scripts as they are. */
    static String fold(String term) {
        String plain = MARKS.matcher(Normalizer.normalize(term, Normalizer.Form.NFD)).replaceAll("");
        StringBuilder folded = new StringBuilder();
        for (char c : plain.toCharArray()) {
            int at = c < 128 ? -1 : UNDECOMPOSED.indexOf(c);
            if (at < 0) {
                folded.append(c);
            }
            for (int i = at + 1; at >= 0 && i < UNDECOMPOSED.length() && UNDECOMPOSED.charAt(i) < 128; i++) {
                folded.append(UNDECOMPOSED.charAt(i));
            }
        }
        plain = Normalizer.normalize(folded, Normalizer.Form.NFC);
        plain = plain.isEmpty() ? term : plain;
        return Y_ALONE.matcher(plain).matches() ? plain.replace('y', 'i') : plain;
    }
}
