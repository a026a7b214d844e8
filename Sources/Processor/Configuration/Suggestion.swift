/// Finds what was probably meant.
enum Suggestion {
    /// `; did you mean …?` with the nearest of the known words, or nothing when none is near.
    static func text(for word: String, among known: [String]) -> String {
        guard let nearest = nearest(to: word, among: known) else { return "" }
        return "; did you mean `\(nearest)`?"
    }

    /// The known word with the fewest edits, at most a third of the longer word's letters.
    static func nearest(to word: String, among known: [String]) -> String? {
        let ranked = known.map { (word: $0, edits: edits(from: word, to: $0)) }
        guard let best = ranked.min(by: { ($0.edits, $0.word) < ($1.edits, $1.word) }) else { return nil }
        return best.edits <= max(1, max(word.utf8.count, best.word.utf8.count) / 3) ? best.word : nil
    }

    /// Levenshtein's distance over bytes, upper and lower case alike.
    private static func edits(from left: String, to right: String) -> Int {
        let right = Array(right.lowercased().utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.lowercased().utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let substitution = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
