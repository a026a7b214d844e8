import Clinic
import Digests
import Documents
import Drops
import DurableFiles
import Forms
import Records

/// The documents that tell a drop's sender and the auditors what became of it, written entry by entry.
///
/// Their model is the drop and which of its entries they tell of; the entries' rows are final when they are written.
struct DropDocuments {
    let engine: Engine

    /// What each kind is called in the queue.
    enum Kind: String, Sendable {
        case answers = "drop-answers"
        case rejections = "drop-rejections"
        case corrections = "drop-corrections"
        case acknowledgments = "drop-acknowledgments"
    }

    struct Model: Codable {
        var drop: Int64
        /// Nil tells of all entries; else of these, whose hold has ended.
        var entries: [Int]?
        var ledgerSequence: Int64
    }

    func renders(_ kind: String) -> Bool { Kind(rawValue: kind) != nil }

    // MARK: - Queueing

    /// What a drop calls for once every entry has its outcome.
    func queueAnswers(_ drop: DropRecord, in unit: Unit) throws {
        let name = Digits.padded(drop.number, 8)
        let model = Model(drop: drop.number, entries: nil, ledgerSequence: try unit.head().length)
        if drop.format == .hl7 {
            try queue(.acknowledgments, "acks", "\(name).hl7", model, in: unit)
        } else {
            try queue(.answers, "answers/\(drop.source)", "\(name).csv", model, in: unit)
        }
        if drop.rejected + drop.held + drop.warned > 0 || drop.findings != nil {
            try queue(.rejections, "rejections", "\(name).csv", model, in: unit)
        }
        if drop.rejected > 0 {
            try queue(.corrections, "corrections/\(drop.source)", "\(name).\(drop.format.ending)", model, in: unit)
        }
    }

    /// A drop that was refused whole has a report, and an answer for its sender.
    func queueRefusal(_ drop: DropRecord, in unit: Unit) throws {
        let name = Digits.padded(drop.number, 8)
        let model = Model(drop: drop.number, entries: nil, ledgerSequence: try unit.head().length)
        try queue(.rejections, "rejections", "\(name).csv", model, in: unit)
        if drop.format == .hl7 {
            try queue(.acknowledgments, "acks", "\(name).hl7", model, in: unit)
        } else {
            try queue(.answers, "answers/\(drop.source)", "\(name).csv", model, in: unit)
        }
    }

    /// Entries of other drops that left their hold: their senders hear of it, and refusals are reported anew.
    func queueFollowUps(_ released: [ReleasedEntry], except current: Int64, in unit: Unit) throws {
        let others = Dictionary(grouping: released.filter { $0.drop != current }, by: \.drop)
        for number in others.keys.sorted() {
            guard let drop = try unit.drop(number), drop.state == .archived || drop.state == .answered else { continue }
            let entries = Set((others[number] ?? []).map(\.entry)).sorted()
            let sequence = try unit.head().length
            let name = try followUpName(drop, sequence, in: unit)
            let model = Model(drop: number, entries: entries, ledgerSequence: sequence)
            let isRefused = (others[number] ?? []).contains { $0.outcome == .rejected }
            if drop.format == .hl7 {
                if isRefused { try queue(.acknowledgments, "acks", "\(name).hl7", model, in: unit) }
            } else {
                try queue(.answers, "answers/\(drop.source)", "\(name).csv", model, in: unit)
            }
            let isWarned = try entries.contains { try unit.entry(drop: number, number: $0)?.warnings != nil }
            if isRefused || isWarned { try queue(.rejections, "rejections", "\(name).csv", model, in: unit) }
            guard isRefused else { continue }
            try queue(.corrections, "corrections/\(drop.source)", "\(name).\(drop.format.ending)", model, in: unit)
        }
    }

    /// The drop's number and how long the ledger was; with a count where that name is taken.
    ///
    /// An entry that is replaced leaves no row in the ledger, so two follow-ups of one drop may come at one length.
    private func followUpName(_ drop: DropRecord, _ sequence: Int64, in unit: Unit) throws -> String {
        let plain = "\(Digits.padded(drop.number, 8))-f\(Digits.padded(sequence, 8))"
        var name = plain
        var count = 1
        func isTaken() throws -> Bool {
            try unit.isQueued(folder: "answers/\(drop.source)", name: "\(name).csv")
                || unit.isQueued(folder: "acks", name: "\(name).hl7")
                || unit.isQueued(folder: "rejections", name: "\(name).csv")
        }
        while try isTaken() {
            count += 1
            name = "\(plain)-\(count)"
        }
        return name
    }

    private func queue(_ kind: Kind, _ folder: String, _ name: String, _ model: Model, in unit: Unit) throws {
        _ = try unit.queue(
            OutboundDocument(
                folder: folder, name: name, kind: kind.rawValue, version: 1, model: CanonicalJSON.bytes(of: model),
                ledgerSequence: model.ledgerSequence))
    }
}

extension DropFormat {
    /// The ending of files that go back in this format.
    var ending: String {
        switch self {
        case .csv, .unknown: "csv"
        case .xml: "xml"
        case .hl7: "hl7"
        }
    }
}
