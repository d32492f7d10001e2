/*
 * Which words are syllables: lists, one word a line, that the benchmark writes for this program from searchvn's tables.
 *
 * Main type: Tables. Invariant: read once, shared by all threads, never changed.
 */

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Syllables with their marks, without, and in capitals. */
final class Tables {
    final Set<String> syllables;
    final Set<String> folded;
    final Set<String> capitals;

    Tables(Path folder) throws IOException {
        syllables = words(folder.resolve("syllables.txt"));
        folded = words(folder.resolve("folded.txt"));
        capitals = words(folder.resolve("capitals.txt"));
    }

    private static Set<String> words(Path path) throws IOException {
        List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        return new HashSet<>(lines);
    }
}
