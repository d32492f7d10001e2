/*
 * Articles -> a Lucene index with the fields that searchvn has.
 *
 * Main type: Indexer. Invariant: index options are searchvn's (positions where it has them, frequencies only for
 * shingles, the whole article stored); everything else is as Lucene brings it, or faster where that costs nothing.
 * Whose analysis makes the terms is not decided here.
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
import org.apache.lucene.analysis.Analyzer;
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
    /** Makes the fields of text of one record; one for each thread. */
    interface TextFields {
        void add(Document document, Map<String, String> record, String file);
    }

    /** Makes what makes the fields. */
    interface Maker {
        TextFields make();
    }

    static final FieldType TEXT = type(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    static final FieldType FREQUENCY = type(IndexOptions.DOCS_AND_FREQS);
    private static final double RAM_BUFFER_MB = 256; // less writes more and smaller segments, and merges them

    private final IndexWriter writer;
    private final Records records;
    private final Maker maker;
    private final String file;
    private final AtomicLong articles = new AtomicLong(), bytes = new AtomicLong();

    private Indexer(IndexWriter writer, Records records, Maker maker, String file) {
        this.writer = writer;
        this.records = records;
        this.maker = maker;
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
    static long[] index(Path corpus, Path folder, int threads, Analyzer analyzer, Maker maker)
            throws IOException, InterruptedException, ExecutionException {
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(RAM_BUFFER_MB);
        config.setUseCompoundFile(false); // saves writing every segment twice
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Records records = new Records(corpus);
                IndexWriter writer = new IndexWriter(FSDirectory.open(Files.createDirectories(folder)), config)) {
            Indexer indexer = new Indexer(writer, records, maker, corpus.getFileName().toString());
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
        TextFields texts = maker.make();
        Document document = new Document();
        for (List<byte[]> batch; !(batch = records.take()).isEmpty(); ) {
            for (byte[] line : batch) {
                document.clear();
                Map<String, String> record = Records.parse(line);
                texts.add(document, record, file);
                addFacts(document, record);
                writer.addDocument(document);
            }
        }
    }

    private void addFacts(Document document, Map<String, String> record) {
        String title = record.getOrDefault("title", ""), body = record.getOrDefault("text", "");
        String id = file + "#" + record.get("id");
        addKeyword(document, "id", id);
        addKeyword(document, "record_id", record.getOrDefault("id", ""));
        addKeyword(document, "file", file);
        addKeyword(document, "source_name", record.getOrDefault("source", ""));
        addKeyword(document, "author_name", record.getOrDefault("author", ""));
        addDate(document, record.getOrDefault("published", ""));
        byte[] stored = Facts.dump(id, file, record, title, body).getBytes(StandardCharsets.UTF_8);
        document.add(new StoredField("stored", stored));
        articles.incrementAndGet();
        bytes.addAndGet(length(title) + length(body));
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
