/// The words of a reader's fault, which say what is wrong and, behind the first semicolon, what would mend it.
struct ReaderWords {
    let detail: String
    let mend: String

    /// `mend` is told where the words themselves say nothing of it.
    init(_ words: String, mend: String) {
        if let cut = words.firstRange(of: "; ") {
            (detail, self.mend) = (String(words[..<cut.lowerBound]), String(words[cut.upperBound...]))
        } else {
            (detail, self.mend) = (words, mend)
        }
    }
}
