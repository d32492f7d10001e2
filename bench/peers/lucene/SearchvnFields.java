/*
 * The texts of a record -> the fields that searchvn makes of them, by the analysis written here.
 *
 * Main type: SearchvnFields. Invariant: the terms of every field are those of searchvn.analysis.
 */

import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;

/** The tables of one thread. */
final class SearchvnFields implements Indexer.TextFields {
    private final Lines lines;
    private final Facts facts;

    SearchvnFields(Tables tables) {
        Words words = new Words(tables);
        lines = new Lines(words);
        facts = new Facts(words);
    }

    @Override
    public void add(Document document, Map<String, String> record, String file) {
        lines.read(record.getOrDefault("title", ""), record.getOrDefault("text", ""));
        addText(document, "title", lines.title);
        addText(document, "body", lines.body);
        addText(document, "title_folded", lines.titleFolded);
        addText(document, "body_folded", lines.bodyFolded);
        addText(document, "bare", lines.bare);
        if (!lines.shingles.isEmpty()) {
            document.add(new Field("shingles", lines.shingles, Indexer.FREQUENCY));
        }
        addFact(document, "author", record.getOrDefault("author", ""), facts.author);
        addFact(document, "source", record.getOrDefault("source", ""), facts.source);
        addFact(document, "path", file, facts.path);
    }

    private static void addText(Document document, String name, Lines.Column column) {
        if (!column.isEmpty()) {
            document.add(new Field(name, column, Indexer.TEXT));
        }
    }

    private static void addFact(Document document, String name, String value, Facts.Value memory) {
        if (!value.isEmpty()) {
            memory.read(value);
            addText(document, name, memory.exact());
            addText(document, name + "_folded", memory.folded());
        }
    }
}
