/*
 * Requests on stdin -> milliseconds, total and number of hits on stdout, timed inside the warm JVM.
 *
 * A batch is a line with its size, then a request a line: flat JSON of texts (kind, words, operator, first, last,
 * mode). Every answer is a line "MILLISECONDS TOTAL HITS"; the total is -1 where it was not asked for.
 *
 * Main type: Server. Invariant: the clock runs from the words as text to ten articles read as text: analysis, making
 * the query, searching, counting, loading.
 */

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** One open index and one thread. */
final class Server {
    private static final int TOP = 10;
    private static final Sort NEWEST = new Sort(newest());

    private final IndexSearcher searcher;
    private final Queries queries;

    private Server(IndexSearcher searcher, Tables tables) {
        this.searcher = searcher;
        queries = new Queries(searcher.getIndexReader(), new Words(tables));
    }

    private static SortField newest() {
        SortField field = new SortField("published", SortField.Type.LONG, true);
        field.setMissingValue(Long.MIN_VALUE);
        return field;
    }

    /** Answers until stdin ends. */
    static void serve(Path folder, Tables tables) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false);
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(FSDirectory.open(folder)));
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        Server server = new Server(searcher, tables);
        for (String size; (size = in.readLine()) != null; ) {
            StringBuilder answers = new StringBuilder();
            for (int i = Integer.parseInt(size.trim()); i > 0; i--) {
                Map<String, String> request = Records.parse(in.readLine().getBytes(StandardCharsets.UTF_8));
                long started = System.nanoTime();
                int[] found = server.answer(request);
                double took = (System.nanoTime() - started) / 1e6;
                answers.append(took).append(' ').append(found[0]).append(' ').append(found[1]).append('\n');
            }
            out.print(answers);
            out.flush();
        }
    }

    /** The total (-1: not asked for) and how many hits were read. */
    private int[] answer(Map<String, String> request) throws IOException {
        boolean counted = request.get("mode").equals("totals");
        Queries.Plan plan = queries.plan(request);
        // Where ranking and total are of the same articles one pass gives both; else the best are found with the
        // others skipped, and counting needs no scores.
        int threshold = counted && plan.matching == null ? Integer.MAX_VALUE : TOP;
        TopDocs best;
        if (request.get("kind").equals("newest")) {
            TopFieldCollector collector = TopFieldCollector.create(NEWEST, TOP, null, threshold);
            searcher.search(plan.ranking, collector);
            best = collector.topDocs();
        } else {
            TopScoreDocCollector collector = TopScoreDocCollector.create(TOP, null, threshold);
            searcher.search(plan.ranking, collector);
            best = collector.topDocs();
        }
        int total = -1;
        if (counted) {
            total = plan.matching == null ? (int) best.totalHits.value : searcher.count(plan.matching);
        }
        return new int[] {total, read(best)};
    }

    private int read(TopDocs best) throws IOException {
        int read = 0;
        for (ScoreDoc hit : best.scoreDocs) {
            Document document = searcher.doc(hit.doc);
            BytesRef stored = document.getBinaryValue("stored");
            read += stored.utf8ToString().isEmpty() ? 0 : 1;
        }
        return read;
    }
}
