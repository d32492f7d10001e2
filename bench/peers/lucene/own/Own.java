/*
 * The same fields by the analysis that comes with Lucene, as its documentation puts it together.
 *
 * java Own CORPUS FOLDER THREADS    indexes, and says how long that took
 *
 * Main type: Own. Invariant: reading, keywords, dates, the stored article and the writer are those of Main; every field
 * analyses its text by itself. Shingles are pairs of folded words, not of codes, and cross lines; there is no `bare`.
 */

import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.shingle.ShingleFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;

/** Gives Lucene texts, and the analyzer of each field by the field's name. */
final class Own implements Indexer.TextFields {
    /** Chains of Lucene's filters. */
    private static final class ByField extends Analyzer {
        ByField() {
            super(PER_FIELD_REUSE_STRATEGY);
        }

        @Override
        protected TokenStreamComponents createComponents(String field) {
            StandardTokenizer words = new StandardTokenizer();
            TokenStream terms = new LowerCaseFilter(words);
            if (field.equals("shingles")) {
                ShingleFilter pairs = new ShingleFilter(new ASCIIFoldingFilter(terms), 2, 2);
                pairs.setOutputUnigrams(false);
                pairs.setTokenSeparator("_");
                terms = pairs;
            } else if (field.endsWith("_folded")) {
                terms = new ASCIIFoldingFilter(terms);
            }
            return new TokenStreamComponents(words, terms);
        }
    }

    public static void main(String[] args) throws Exception {
        Main.measure(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]), new ByField(), Own::new);
    }

    @Override
    public void add(Document document, Map<String, String> record, String file) {
        String title = record.getOrDefault("title", ""), body = record.getOrDefault("text", "");
        addBoth(document, "title", title);
        addBoth(document, "body", body);
        addText(document, "shingles", title, Indexer.FREQUENCY);
        addText(document, "shingles", body, Indexer.FREQUENCY);
        addBoth(document, "author", record.getOrDefault("author", ""));
        addBoth(document, "source", record.getOrDefault("source", ""));
        addBoth(document, "path", file);
    }

    private static void addBoth(Document document, String name, String text) {
        addText(document, name, text, Indexer.TEXT);
        addText(document, name + "_folded", text, Indexer.TEXT);
    }

    private static void addText(Document document, String name, String text, FieldType type) {
        if (!text.isEmpty()) {
            document.add(new Field(name, text, type));
        }
    }
}
