/*
 * JSON Lines, plain or in gzip -> the texts of articles.
 *
 * Main type: Records. Invariant: every line is given to one thread only; texts are NFC.
 */

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Batches of lines that threads take in turn; `parse` is theirs. */
final class Records implements AutoCloseable {
    private static final int BATCH = 64; // lines
    private final InputStream stream;
    private byte[] block = new byte[1 << 18];
    private int from, to;

    Records(Path path) throws IOException {
        InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 17);
        stream = path.toString().endsWith(".gz") ? new GZIPInputStream(file, 1 << 16) : file;
    }

    /** The next lines; none at the end. */
    synchronized List<byte[]> take() throws IOException {
        List<byte[]> lines = new ArrayList<>(BATCH);
        while (lines.size() < BATCH) {
            byte[] line = line();
            if (line == null) {
                break;
            }
            if (line.length > 0) {
                lines.add(line);
            }
        }
        return lines;
    }

    private byte[] line() throws IOException {
        int end = from;
        for (;;) {
            for (; end < to; end++) {
                if (block[end] == '\n') {
                    byte[] line = Arrays.copyOfRange(block, from, end);
                    from = end + 1;
                    return line;
                }
            }
            System.arraycopy(block, from, block, 0, to - from);
            end = to -= from;
            from = 0;
            if (to == block.length) {
                block = Arrays.copyOf(block, to * 2);
            }
            int read = stream.read(block, to, block.length - to);
            if (read < 0) {
                byte[] rest = Arrays.copyOf(block, to);
                to = 0;
                return rest.length > 0 ? rest : null;
            }
            to += read;
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** The texts of one record by their names; values that are no text are left out. */
    static Map<String, String> parse(byte[] line) {
        return new Parser(new String(line, StandardCharsets.UTF_8)).record();
    }

    private static String nfc(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Outside of these blocks nearly nothing stands in Vietnamese text, and inside all of it is NFC.
            if (c >= 0x300 && !(c >= 0x1e00 && c < 0x1f00 || c >= 0x2010 && c < 0x2060)) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }
        return text;
    }

    /** As much of RFC 8259 as records need; input that is no JSON ends in an exception. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Map<String, String> record() {
            Map<String, String> found = new HashMap<>();
            skip('{');
            while (peek() != '}') {
                String name = string();
                skip(':');
                if (peek() == '"') {
                    found.put(name, nfc(string()));
                } else {
                    skipValue();
                }
                if (peek() == ',') {
                    at++;
                }
            }
            return found;
        }

        private char peek() {
            while (text.charAt(at) <= ' ') {
                at++;
            }
            return text.charAt(at);
        }

        private void skip(char wanted) {
            if (peek() != wanted) {
                throw new IllegalArgumentException("expected " + wanted + " at " + at);
            }
            at++;
        }

        private void skipValue() {
            for (int depth = 0; ; ) {
                char c = peek();
                if (c == '"') {
                    string();
                    continue;
                }
                if (depth == 0 && (c == ',' || c == '}')) {
                    return;
                }
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
            }
        }

        private String string() {
            skip('"');
            int quote = text.indexOf('"', at);
            int slash = text.indexOf('\\', at);
            if (slash < 0 || slash > quote) {
                String whole = text.substring(at, quote);
                at = quote + 1;
                return whole;
            }
            StringBuilder found = new StringBuilder(quote - at + 1024);
            for (;;) {
                if (slash < 0 || slash > quote) {
                    found.append(text, at, quote);
                    at = quote + 1;
                    return found.toString();
                }
                found.append(text, at, slash);
                at = slash + 2;
                found.append(unescape(text.charAt(slash + 1)));
                quote = quote < at ? text.indexOf('"', at) : quote;
                slash = text.indexOf('\\', at);
            }
        }

        private char unescape(char escaped) {
            switch (escaped) {
                case 'n': return '\n';
                case 't': return '\t';
                case 'r': return '\r';
                case 'b': return '\b';
                case 'f': return '\f';
                case 'u':
                    at += 4;
                    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
                default: return escaped;
            }
        }
    }
}
