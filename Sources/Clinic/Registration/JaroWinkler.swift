/// The similarity of two names by Jaro, raised for a common beginning by Winkler, in thousandths.
enum JaroWinkler {
    static func perMille(_ one: String, _ other: String) -> Int {
        let (first, second) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        if first == second { return 1_000 }
        let jaro = jaroPerMille(first, second)
        let prefix = zip(first, second).prefix(4).prefix { $0 == $1 }.count
        return jaro + prefix * (1_000 - jaro) / 10
    }

    private static func jaroPerMille(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        let reach = max(0, max(first.count, second.count) / 2 - 1)
        var isTaken = Array(repeating: false, count: second.count)
        var matchesOfFirst: [Unicode.Scalar] = []
        for (index, scalar) in first.enumerated() {
            let low = max(0, index - reach)
            let high = min(second.count, index + reach + 1)
            guard low < high, let hit = (low..<high).first(where: { !isTaken[$0] && second[$0] == scalar }) else {
                continue
            }
            isTaken[hit] = true
            matchesOfFirst.append(scalar)
        }
        let matches = matchesOfFirst.count
        guard matches > 0 else { return 0 }
        let matchesOfSecond = second.indices.filter { isTaken[$0] }.map { second[$0] }
        let moved = zip(matchesOfFirst, matchesOfSecond).count { $0 != $1 }
        return
            (1_000 * matches / first.count + 1_000 * matches / second.count
            + (2_000 * matches - 1_000 * moved) / (2 * matches)) / 3
    }
}
