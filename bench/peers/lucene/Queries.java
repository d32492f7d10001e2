/*
 * A request -> Lucene's query for the articles that searchvn would rank, and for those that it would count.
 *
 * Main type: Queries. Invariant: words with marks are looked for as they are in title and body, a request without any
 * mark in the folded fields; neighbouring pairs count half and bring in nothing by themselves.
 */

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexOrDocValuesQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/** Makes the queries of one index. */
final class Queries {
    /** What orders articles, and what finds those that are counted; null where these are the same. */
    static final class Plan {
        final Query ranking;
        final Query matching;

        Plan(Query ranking, Query matching) {
            this.ranking = ranking;
            this.matching = matching;
        }
    }

    private static final String[] EXACT = {"title", "body"};
    private static final String[] FOLDED = {"title_folded", "body_folded"};
    private static final int MOST_EXPANDED = 200; // terms, as in searchvn
    private static final float SHINGLES = 0.5f;

    private final IndexReader reader;
    private final Lines lines;

    Queries(IndexReader reader, Words words) {
        this.reader = reader;
        lines = new Lines(words);
    }

    Plan plan(Map<String, String> request) throws IOException {
        lines.read(request.get("words"), "");
        List<BytesRef> exact = lines.title.copy(), folded = lines.titleFolded.copy(), pairs = lines.shingles.copy();
        boolean unmarked = exact.equals(folded);
        List<BytesRef> words = unmarked ? folded : exact;
        String[] fields = unmarked ? FOLDED : EXACT;
        switch (request.get("kind")) {
            case "phrase":
                return new Plan(ranked(List.of(phrase(words, fields)), pairs, false), null);
            case "boolean":
                return new Plan(operated(words, fields, request.get("operator")), null);
            case "prefix":
                Set<BytesRef> starts = new LinkedHashSet<>(List.of(words.get(0), new BytesRef(request.get("words"))));
                return new Plan(expanded(starts, fields), null);
            case "newest":
                return new Plan(all(each(words, fields)), null);
            case "dates":
                Query dates = dates(Long.parseLong(request.get("first")), Long.parseLong(request.get("last")));
                Query ranking = ranked(each(words, fields), pairs, unmarked);
                return new Plan(both(ranking, dates), both(all(each(words, fields)), dates));
            default:
                return new Plan(ranked(each(words, fields), pairs, unmarked), all(each(words, fields)));
        }
    }

    /** Every different word, in either field. */
    private static List<Query> each(List<BytesRef> words, String[] fields) {
        List<Query> found = new ArrayList<>();
        for (BytesRef word : new LinkedHashSet<>(words)) {
            BooleanQuery.Builder either = new BooleanQuery.Builder();
            for (String field : fields) {
                either.add(new TermQuery(new Term(field, word)), Occur.SHOULD);
            }
            found.add(either.build());
        }
        return found;
    }

    private static Query phrase(List<BytesRef> words, String[] fields) {
        BooleanQuery.Builder either = new BooleanQuery.Builder();
        for (String field : fields) {
            either.add(new PhraseQuery(field, words.toArray(new BytesRef[0])), Occur.SHOULD);
        }
        return either.build();
    }

    /** Articles with any of the clauses, pairs adding to them. Folded words stand wherever their pair does. */
    private static Query ranked(List<Query> clauses, List<BytesRef> pairs, boolean flat) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        clauses.forEach(clause -> words.add(clause, Occur.SHOULD));
        BooleanQuery.Builder whole = flat ? words : new BooleanQuery.Builder().add(words.build(), Occur.MUST);
        for (BytesRef pair : new LinkedHashSet<>(pairs)) {
            whole.add(new BoostQuery(new TermQuery(new Term("shingles", pair)), SHINGLES), Occur.SHOULD);
        }
        return whole.build();
    }

    private static Query all(List<Query> clauses) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        clauses.forEach(clause -> all.add(clause, Occur.MUST));
        return all.build();
    }

    private static Query both(Query scored, Query filter) {
        return new BooleanQuery.Builder().add(scored, Occur.MUST).add(filter, Occur.FILTER).build();
    }

    private static Query operated(List<BytesRef> words, String[] fields, String operator) {
        List<Query> operands = each(words, fields);
        Occur second = operator.equals("NOT") ? Occur.MUST_NOT : operator.equals("OR") ? Occur.SHOULD : Occur.MUST;
        return new BooleanQuery.Builder()
                .add(operands.get(0), operator.equals("OR") ? Occur.SHOULD : Occur.MUST)
                .add(operands.get(1), second)
                .build();
    }

    /** Days as YYYYMMDD, both included; the better of both ways to look them up is Lucene's choice. */
    private static Query dates(long firstDay, long lastDay) {
        long first = firstDay * 1_000_000, last = lastDay * 1_000_000 + 235959;
        return new IndexOrDocValuesQuery(LongPoint.newRangeQuery("published", first, last),
                NumericDocValuesField.newSlowRangeQuery("published", first, last));
    }

    /**
     * The best of the most frequent terms with any of these beginnings: as typed and as a term, for the mark of `hoà`
     * stays in its place in `hoàng`, and moves in `hòa`.
     */
    private Query expanded(Set<BytesRef> prefixes, String[] fields) throws IOException {
        Map<BytesRef, Integer> found = new HashMap<>();
        for (String field : fields) {
            TermsEnum each = MultiTerms.getTerms(reader, field).iterator();
            for (BytesRef prefix : prefixes) {
                BytesRef term = each.seekCeil(prefix) == TermsEnum.SeekStatus.END ? null : each.term();
                for (; term != null && StringHelper.startsWith(term, prefix); term = each.next()) {
                    found.merge(BytesRef.deepCopyOf(term), each.docFreq(), Math::max);
                }
            }
        }
        List<BytesRef> best = new ArrayList<>(found.keySet());
        best.sort(Comparator.comparing((BytesRef term) -> -found.get(term)).thenComparing(Comparator.naturalOrder()));
        Set<Query> queries = new LinkedHashSet<>();
        for (Query query : each(best.subList(0, Math.min(best.size(), MOST_EXPANDED)), fields)) {
            queries.add(query);
        }
        return new DisjunctionMaxQuery(queries, 0);
    }
}
