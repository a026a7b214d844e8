/// What one run came to; the object that `suture run --once --format json` prints.
package struct RunSummary: Codable, Sendable, Equatable {
    package struct Drops: Codable, Sendable, Equatable {
        package var seen = 0
        package var archived = 0
        package var duplicate = 0
        package var quarantined = 0
        package var waiting = 0
    }

    package struct Entries: Codable, Sendable, Equatable {
        package var read = 0
        package var applied = 0
        package var duplicate = 0
        package var held = 0
        package var rejected = 0
    }

    package struct Released: Codable, Sendable, Equatable {
        package var applied = 0
        package var rejected = 0
        package var expired = 0
        /// Entries of the run's own drops that were held and left their hold again within it; the others are of
        /// earlier drops.
        package var withinRun = 0

        private enum CodingKeys: String, CodingKey {
            case applied, rejected, expired
            case withinRun = "within_run"
        }
    }

    package struct Documents: Codable, Sendable, Equatable {
        package var bills = 0
        package var consents = 0
        package var theater = 0
        package var receipts = 0
        package var rejections = 0
        package var corrections = 0
        package var acks = 0
        package var answers = 0
        package var registrations = 0
        package var mail = 0
        package var care = 0
        package var recalls = 0

        /// Counts a file by its folder of the outbox.
        mutating func count(_ folder: String) {
            switch folder {
            case "bills": bills += 1
            case "consents": consents += 1
            case "theater": theater += 1
            case "receipts": receipts += 1
            case "rejections": rejections += 1
            case "corrections": corrections += 1
            case "acks": acks += 1
            case "answers": answers += 1
            case "registrations": registrations += 1
            case "mail": mail += 1
            case "care": care += 1
            case "recalls": recalls += 1
            default: break
            }
        }

        /// The folders in the order in which they are printed.
        package var rows: [(String, Int)] {
            [
                ("bills", bills), ("consents", consents), ("theater", theater), ("receipts", receipts),
                ("rejections", rejections), ("corrections", corrections), ("acks", acks), ("answers", answers),
                ("registrations", registrations), ("mail", mail), ("care", care), ("recalls", recalls),
            ]
        }
    }

    package struct Ledger: Codable, Sendable, Equatable {
        package var length: Int64 = 0
        package var head = ""
    }

    /// The clinic's time when a watching processor told of a drain; nil of a run that ends.
    package var at: String?
    package var drops = Drops()
    package var entries = Entries()
    package var released = Released()
    package var warnings = 0
    package var documents = Documents()
    package var ledger = Ledger()
    package var elapsedSeconds = 0.0

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case at, drops, entries, released, warnings, documents, ledger
        case elapsedSeconds = "elapsed_seconds"
    }
}

extension RunSummary {
    /// Whether anything happened that is worth a line.
    package var hasNews: Bool {
        drops.archived + drops.duplicate + drops.quarantined + entries.read > 0
            || released.applied + released.rejected + released.expired > 0 || documents.count > 0
    }
}

extension RunSummary.Documents {
    /// All of them.
    package var count: Int { rows.reduce(0) { $0 + $1.1 } }
}

/// How far a run has come, for a line on a terminal.
package struct RunProgress: Sendable {
    package var dropsDone = 0
    package var dropsKnown = 0
    package var entriesDone = 0
    package var elapsed = Duration.zero
}
