/*
 * The title and body of one article -> the streams of terms of its fields.
 *
 * Main type: Lines. Invariant: the exact and the folded stream of a field have one term a token and so the same
 * positions; shingles never cross a line; nothing is allocated for a token that was seen before.
 */

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/** Reused from article to article by one thread. */
final class Lines {
    /** Words in order, given to Lucene as they are; pairs of codes before them, as shingles. */
    static final class Column extends TokenStream {
        private final BytesTermAttribute attribute = addAttribute(BytesTermAttribute.class);
        private final BytesRef shingle = new BytesRef(new byte[] {0, 0, '_', 0, 0});
        private BytesRef[] terms = new BytesRef[1 << 10];
        private int[] pairs = new int[1 << 10];
        private int size, paired, next;

        void clear() {
            size = paired = 0;
        }

        boolean isEmpty() {
            return size + paired == 0;
        }

        void add(BytesRef term) {
            if (size == terms.length) {
                terms = Arrays.copyOf(terms, size * 2);
            }
            terms[size++] = term;
        }

        void addPair(int first, int second) {
            if (paired == pairs.length) {
                pairs = Arrays.copyOf(pairs, paired * 2);
            }
            pairs[paired++] = first * Words.BUCKETS + second;
        }

        /** All terms, for queries: these are few. */
        List<BytesRef> copy() {
            List<BytesRef> all = new ArrayList<>();
            for (int i = 0; i < paired; i++) {
                all.add(BytesRef.deepCopyOf(write(pairs[i], shingle)));
            }
            all.addAll(Arrays.asList(terms).subList(0, size));
            return all;
        }

        @Override
        public void reset() {
            next = 0;
        }

        @Override
        public void end() {
            // Nothing follows in a field; the attributes stay as they are, so that they need no clearing token by token.
        }

        @Override
        public boolean incrementToken() {
            if (next < paired) {
                attribute.setBytesRef(write(pairs[next++], shingle));
                return true;
            }
            if (next < paired + size) {
                attribute.setBytesRef(terms[next++ - paired]);
                return true;
            }
            return false;
        }

        /** Both codes in two digits of base 64 each. */
        static BytesRef write(int pair, BytesRef to) {
            to.bytes[0] = (byte) DIGITS.charAt(pair >> 18);
            to.bytes[1] = (byte) DIGITS.charAt(pair >> 12 & 63);
            to.bytes[3] = (byte) DIGITS.charAt(pair >> 6 & 63);
            to.bytes[4] = (byte) DIGITS.charAt(pair & 63);
            return to;
        }
    }

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-+";
    private static final byte WORD = 1, MARK = 2, ALONE = 3, PAIR = 4;
    private static final byte[] CLASSES = new byte[1 << 16];
    private static final BytesRef BREAK = new BytesRef("|");
    private static final int LINE_WORDS = 8;

    static {
        for (int c = 0; c < CLASSES.length; c++) {
            CLASSES[c] = Character.isSurrogate((char) c) ? PAIR : classOf(c);
        }
    }

    final Column title = new Column(), body = new Column(), titleFolded = new Column(), bodyFolded = new Column();
    final Column bare = new Column(), shingles = new Column();

    private final Words words;
    private char[] chars = new char[1 << 14];
    private Words.Entry[] entries = new Words.Entry[1 << 12];
    private int[] starts = new int[64]; // of each line, in entries
    private int size, lines, titles;

    Lines(Words words) {
        this.words = words;
    }

    private static byte classOf(int c) {
        if (c >= 0x3005 && c <= 0x3007 || c >= 0x3041 && c <= 0x3096 || c >= 0x30a1 && c <= 0x30fc
                || c >= 0x3400 && c <= 0x4dbf || c >= 0x4e00 && c <= 0x9fff || c >= 0xf900 && c <= 0xfaff
                || c >= 0x20000) {
            return Character.isLetterOrDigit(c) ? ALONE : 0;
        }
        int type = Character.getType(c);
        if (Character.isLetterOrDigit(c) || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER) {
            return WORD;
        }
        boolean invisible = "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u20e3\ufeff".indexOf(c) >= 0;
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
        return invisible || mark ? MARK : 0;
    }

    static boolean isPartOfWord(int codePoint) {
        byte found = classOf(codePoint);
        return found == WORD || found == MARK;
    }

    /** Fills the columns. Both texts are NFC. */
    void read(String titleText, String bodyText) {
        for (Column column : new Column[] {title, body, titleFolded, bodyFolded, bare, shingles}) {
            column.clear();
        }
        size = lines = 0;
        split(titleText, title, titleFolded);
        titles = lines;
        split(bodyText, body, bodyFolded);
        readBare();
    }

    private void split(String text, Column exact, Column folded) {
        int length = text.length();
        if (chars.length < length + 1) {
            chars = new char[length * 2];
        }
        text.getChars(0, length, chars, 0);
        chars[length] = '\n';
        for (int start = 0; start <= length; ) {
            int first = size;
            int end = splitLine(start);
            startLine(first);
            addLine(first, start, end, exact, folded);
            start = end + 1;
        }
    }

    private void startLine(int first) {
        if (lines + 1 >= starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        starts[lines++] = first;
        starts[lines] = size;
    }

    /** The tokens from `at` to the end of the line, and the joined identifiers; where the line ends. */
    private int splitLine(int at) {
        int chain = size, ended = -1;
        boolean joined = false;
        for (;;) {
            char c = chars[at];
            if (c == '\n') {
                break;
            }
            int next = at + 1;
            byte kind = CLASSES[c];
            if (kind == PAIR) {
                int codePoint = Character.codePointAt(chars, at, next + 1);
                kind = classOf(codePoint);
                next = at + Character.charCount(codePoint);
            }
            if (kind != WORD && kind != ALONE) {
                at = next;
                continue;
            }
            int end = endOfToken(next, kind);
            boolean connected = ended >= 0 && isJoint(ended, at);
            if (!connected && ended != at) {
                addCompounds(chain, joined);
                chain = size;
                joined = false;
            }
            joined |= connected;
            addToken(at, end);
            ended = at = end;
        }
        addCompounds(chain, joined);
        return at;
    }

    private int endOfToken(int at, byte kind) {
        for (;;) {
            byte found = CLASSES[chars[at]];
            int next = at + 1;
            if (found == PAIR) {
                int codePoint = Character.codePointAt(chars, at, next + 1);
                found = classOf(codePoint);
                next = at + Character.charCount(codePoint);
            }
            if (found != MARK && !(found == WORD && kind == WORD)) {
                return at;
            }
            at = next;
        }
    }

    private void addToken(int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = Words.hash(hash, chars[i]);
        }
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size * 2);
        }
        entries[size++] = words.get(chars, from, to, hash);
    }

    /** Whether a hyphen, dash, slash, full stop or colon, and nothing else, stands between two tokens. */
    private boolean isJoint(int from, int to) {
        if (to == from + 1) {
            char c = chars[from];
            return c == '.' || c == '-' || c == '/' || c == ':' || c >= 0x2010 && c <= 0x2015
                    || c == 0x2212 || c == 0xff0d || c == 0x2044 || c == 0x2215 || c == 0xff0f;
        }
        if (to == from + 2) {
            return chars[from] == ' ' && chars[from + 1] == '/' || chars[from] == '/' && chars[from + 1] == ' ';
        }
        return to == from + 3 && chars[from] == ' ' && chars[from + 1] == '/' && chars[from + 2] == ' ';
    }

    /** Joined forms of the tokens from `first` on, where one of them holds a digit: `15-NQ/TW` is 15nqtw and nqtw. */
    private void addCompounds(int first, boolean joined) {
        if (!joined) {
            return;
        }
        int lastNumber = -1;
        for (int i = first; i < size; i++) {
            lastNumber = entries[i].digit ? i : lastNumber;
        }
        if (lastNumber >= 0) {
            shingles.add(join(first));
            if (size - first >= 3 && lastNumber < size - 2) {
                shingles.add(join(lastNumber + 1));
            }
        }
    }

    private BytesRef join(int first) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < size; i++) {
            text.append(entries[i].folded.utf8ToString());
        }
        text.setLength(Math.min(text.length(), Words.MAX_TERM));
        return new BytesRef(text);
    }

    private void addLine(int first, int from, int to, Column exact, Column folded) {
        boolean capitals = false;
        for (int i = first; i < size; i++) {
            Words.Entry entry = entries[i];
            exact.add(entry.exact);
            folded.add(entry.folded);
            capitals |= entry.capital != null;
            if (i > first) {
                shingles.addPair(entries[i - 1].code, entry.code);
            }
        }
        if (capitals && size - first > 1 && !isUpper(from, to)) {
            for (int i = first; i < size; i++) {
                if (entries[i].capital != null) {
                    shingles.add(entries[i].capital);
                }
            }
        }
    }

    private boolean isUpper(int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.isLowerCase(chars[i]) || Character.isTitleCase(chars[i])) {
                return false;
            }
        }
        return true; // it has a token in capitals
    }

    /** The folded terms of unaccented lines, with a break where lines that do not follow each other meet. */
    private void readBare() {
        boolean all = isBare(0, size);
        boolean begun = false;
        int last = -1;
        for (int line = 0; line < lines; line++) {
            int from = starts[line], to = starts[line + 1];
            if (all || to - from >= LINE_WORDS && isBare(from, to)) {
                if (begun && (line != last + 1 || line == titles)) {
                    bare.add(BREAK);
                }
                for (int i = from; i < to; i++) {
                    bare.add(entries[i].folded);
                }
                begun = true;
                last = line;
            }
        }
    }

    private boolean isBare(int from, int to) {
        int words = to - from, marked = 0, syllables = 0;
        for (int i = from; i < to; i++) {
            marked += entries[i].ascii ? 0 : 1;
            syllables += entries[i].syllable ? 1 : 0;
        }
        return words > 0 && marked < 0.15 * words && syllables >= 0.7 * words;
    }
}
