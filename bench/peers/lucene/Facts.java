/*
 * What a record says besides its text -> terms, a number for its date, and the form in which the article is stored.
 *
 * Main type: Facts. Invariant: the stored form is byte for byte what searchvn stores of the same record.
 */

import java.util.Map;

/** Sources and paths repeat from article to article, so the terms of the last value are kept. */
final class Facts {
    /** The terms of one value, made when it changes. */
    static final class Value {
        private final Lines lines;
        private String last = "";

        Value(Words words) {
            lines = new Lines(words);
        }

        void read(String value) {
            if (!value.equals(last)) {
                lines.read(value, "");
                last = value;
            }
        }

        Lines.Column exact() {
            return lines.title;
        }

        Lines.Column folded() {
            return lines.titleFolded;
        }
    }

    final Value author, source, path;

    Facts(Words words) {
        author = new Value(words);
        source = new Value(words);
        path = new Value(words);
    }

    /** YYYYMMDDhhmmss of an ISO 8601 date; 0 for what is none. */
    static long number(String published) {
        if (published.length() < 10 || published.charAt(4) != '-' || published.charAt(7) != '-') {
            return 0;
        }
        String digits = published.replaceAll("[^0-9]", "");
        return Long.parseLong((digits + "000000").substring(0, 14));
    }

    /** The facts as one line of JSON, then the body. */
    static String dump(String id, String file, Map<String, String> record, String title, String body) {
        StringBuilder out = new StringBuilder(body.length() + 300).append('{');
        put(out, "id", id);
        put(out, "title", title);
        put(out, "file", file);
        put(out, "path", file);
        String[] names = {"id", "published", "author", "source", "url"};
        for (String name : names) {
            if (record.get(name) != null) {
                put(out, name.equals("id") ? "record_id" : name, record.get(name));
            }
        }
        return out.append("}\n").append(body).toString();
    }

    private static void put(StringBuilder out, String name, String value) {
        out.append(out.length() > 1 ? ",\"" : "\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(c == '\n' ? "\\n" : String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
