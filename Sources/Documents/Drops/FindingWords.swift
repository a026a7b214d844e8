/// Words about a finding as auditors may read them: no date that belongs to a patient (45 CFR 164.514(b)(2)(i)(C)).
enum PublicText {
    /// Dates and times of day are left out; those of an example are nobody's.
    static func withoutDates(_ text: String) -> String {
        var rest = Array(text.utf8)[...]
        var output: [UInt8] = []
        while let byte = rest.first {
            if let example = Example.all.first(where: { rest.starts(with: $0.usual.utf8) }) {
                output += Array(example.usual.utf8)
                rest = rest.dropFirst(example.usual.utf8.count)
            } else if isLike(rest, "0000-00-00") {
                rest = rest.dropFirst(10)
                if isLike(rest, " 00:00") || isLike(rest, "T00:00") { rest = rest.dropFirst(6) }
                output += Array("(date)".utf8)
            } else {
                output.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The text with a sender's own name for something left out.
    static func without(_ name: String?, in text: String) -> String {
        guard let name, !name.isEmpty else { return text }
        let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        return words.map { $0.elementsEqual(name.utf8) ? "a name" : String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }

    /// Whether bytes begin like a pattern in which `0` stands for any digit.
    private static func isLike(_ bytes: ArraySlice<UInt8>, _ pattern: String) -> Bool {
        guard bytes.count >= pattern.utf8.count else { return false }
        return zip(bytes, pattern.utf8).allSatisfy { byte, mark in
            mark == UInt8(ascii: "0") ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) : byte == mark
        }
    }
}

/// An example within the words about a field, as CSV and XML write it and as HL7 does (types DT and DTM).
struct Example {
    let usual: String
    let hl7: String

    static let all = [
        Example(usual: "a date like 2026-11-23", hl7: "a date like 20261123"),
        Example(
            usual: "a time like 2026-11-23T08:30 or 2026-11-23T08:30:00Z",
            hl7: "a time like 202611230830 or 20261123083000+0000"),
    ]

    /// Words about a finding for a sender of HL7.
    static func inHL7(_ text: String) -> String {
        all.reduce(text) { $0.replacing($1.usual, with: $1.hl7) }
    }
}
