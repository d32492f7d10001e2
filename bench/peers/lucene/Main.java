/*
 * The Lucene peer of bench/speed.py: one line of JSON for what was measured.
 *
 * java Main index CORPUS FOLDER TABLES THREADS    indexes, and says how long that took and what the fields hold
 * java Main serve FOLDER TABLES                   answers requests on stdin; see Server
 *
 * Main type: Main. Invariant: nothing is timed but reading, analysis, indexing and commit.
 */

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Terms;
import org.apache.lucene.store.FSDirectory;

/** The command line. */
final class Main {
    private static final String[] FIELDS =
            {"title", "body", "title_folded", "body_folded", "bare", "shingles", "source", "path"};

    public static void main(String[] args) throws Exception {
        if (args[0].equals("serve")) {
            Server.serve(Path.of(args[1]), new Tables(Path.of(args[2])));
            return;
        }
        Tables tables = new Tables(Path.of(args[3]));
        Indexer.Maker maker = () -> new SearchvnFields(tables);
        measure(Path.of(args[1]), Path.of(args[2]), Integer.parseInt(args[4]), new StandardAnalyzer(), maker);
    }

    /** Indexes and says what that took. */
    static void measure(Path corpus, Path folder, int threads, Analyzer analyzer, Indexer.Maker maker) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long started = System.nanoTime(), cpu = system.getProcessCpuTime();
        long[] done = Indexer.index(corpus, folder, threads, analyzer, maker);
        double seconds = (System.nanoTime() - started) / 1e9, cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        System.out.printf(java.util.Locale.ROOT,
                "{\"articles\": %d, \"text_bytes\": %d, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"index_bytes\": %d, %s}%n",
                done[0], done[1], seconds, cpuSeconds, size(folder), contents(folder));
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(path -> path.toFile().length()).sum();
        }
    }

    /** Of each field its terms with all their occurrences, and in how many articles each: compared with searchvn's. */
    private static String contents(Path folder) throws IOException {
        StringBuilder found = new StringBuilder();
        try (IndexReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
            found.append("\"segments\": ").append(reader.leaves().size()).append(", \"fields\": {");
            String separator = "";
            for (String field : FIELDS) {
                Terms terms = MultiTerms.getTerms(reader, field);
                long occurrences = terms == null ? 0 : terms.getSumTotalTermFreq();
                long postings = terms == null ? 0 : terms.getSumDocFreq();
                found.append(separator).append(String.format("\"%s\": [%d, %d]", field, occurrences, postings));
                separator = ", ";
            }
        }
        return found.append("}").toString();
    }
}
