/*
 * Articles -> a Lucene index with the fields that searchvn has.
 *
 * Main type: Indexer. Invariant: index options are searchvn's (positions where it has them, frequencies only for
 * shingles, the whole article stored); everything else is as Lucene brings it, or faster where that costs nothing.
 */

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;

/** As many threads as asked for read, analyse and add; they share the writer and the file, and no more. */
final class Indexer {
    private static final double RAM_BUFFER_MB = 256; // less writes more and smaller segments, and merges them
    private static final FieldType TEXT = type(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    private static final FieldType FREQUENCY = type(IndexOptions.DOCS_AND_FREQS);

    private final IndexWriter writer;
    private final Records records;
    private final Tables tables;
    private final String file;
    private final AtomicLong articles = new AtomicLong(), bytes = new AtomicLong();

    private Indexer(IndexWriter writer, Records records, Tables tables, String file) {
        this.writer = writer;
        this.records = records;
        this.tables = tables;
        this.file = file;
    }

    private static FieldType type(IndexOptions options) {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(options);
        type.freeze();
        return type;
    }

    /** Indexes and commits; articles and bytes of text. */
    static long[] index(Path corpus, Path folder, Tables tables, int threads)
            throws IOException, InterruptedException, ExecutionException {
        IndexWriterConfig config = new IndexWriterConfig();
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(RAM_BUFFER_MB);
        config.setUseCompoundFile(false); // saves writing every segment twice
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Records records = new Records(corpus);
                IndexWriter writer = new IndexWriter(FSDirectory.open(Files.createDirectories(folder)), config)) {
            Indexer indexer = new Indexer(writer, records, tables, corpus.getFileName().toString());
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> {
                    indexer.work();
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
            writer.commit();
            return new long[] {indexer.articles.get(), indexer.bytes.get()};
        } finally {
            pool.shutdown();
        }
    }

    private void work() throws IOException {
        Words words = new Words(tables);
        Lines lines = new Lines(words);
        Facts facts = new Facts(words);
        Document document = new Document();
        for (List<byte[]> batch; !(batch = records.take()).isEmpty(); ) {
            for (byte[] line : batch) {
                document.clear();
                add(document, Records.parse(line), lines, facts);
                writer.addDocument(document);
            }
        }
    }

    private void add(Document document, Map<String, String> record, Lines lines, Facts facts) {
        String title = record.getOrDefault("title", ""), body = record.getOrDefault("text", "");
        lines.read(title, body);
        addText(document, "title", lines.title);
        addText(document, "body", lines.body);
        addText(document, "title_folded", lines.titleFolded);
        addText(document, "body_folded", lines.bodyFolded);
        addText(document, "bare", lines.bare);
        if (!lines.shingles.isEmpty()) {
            document.add(new Field("shingles", lines.shingles, FREQUENCY));
        }
        String id = file + "#" + record.get("id");
        addKeyword(document, "id", id);
        addKeyword(document, "record_id", record.getOrDefault("id", ""));
        addKeyword(document, "file", file);
        addFact(document, "author", record.getOrDefault("author", ""), facts.author);
        addFact(document, "source", record.getOrDefault("source", ""), facts.source);
        addFact(document, "path", file, facts.path);
        addKeyword(document, "source_name", record.getOrDefault("source", ""));
        addKeyword(document, "author_name", record.getOrDefault("author", ""));
        addDate(document, record.getOrDefault("published", ""));
        byte[] stored = Facts.dump(id, file, record, title, body).getBytes(StandardCharsets.UTF_8);
        document.add(new StoredField("stored", stored));
        articles.incrementAndGet();
        bytes.addAndGet(length(title) + length(body));
    }

    private static void addText(Document document, String name, Lines.Column column) {
        if (!column.isEmpty()) {
            document.add(new Field(name, column, TEXT));
        }
    }

    private static void addFact(Document document, String name, String value, Facts.Value memory) {
        if (!value.isEmpty()) {
            memory.read(value);
            addText(document, name, memory.exact());
            addText(document, name + "_folded", memory.folded());
        }
    }

    private static void addKeyword(Document document, String name, String value) {
        if (!value.isEmpty()) {
            document.add(new StringField(name, value, Field.Store.NO));
        }
    }

    private static void addDate(Document document, String published) {
        long number = Facts.number(published);
        if (number > 0) {
            document.add(new LongPoint("published", number));
            document.add(new NumericDocValuesField("published", number));
            addKeyword(document, "year", published.substring(0, 4));
            addKeyword(document, "month", published.substring(0, 7));
        }
    }

    /** Bytes of a text in UTF-8. */
    private static long length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }
}
