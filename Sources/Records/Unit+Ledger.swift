package import Clinic
import Digests
import GRDB

/// The key under which payloads are salted.
struct LedgerKey: Sendable {
    static let stream = "main"

    private let code: HMACSHA256

    init(key: [UInt8]) { self.code = HMACSHA256(key: key) }

    /// SHA-256 over the row's own salt and its payload: without the key nobody can try payloads out.
    func payloadHash(stream: String, sequence: Int64, payload: [UInt8]) -> [UInt8] {
        var message = Array(stream.utf8)
        message.append(0)
        LedgerHashing.append(sequence, to: &message)
        return SHA256.digest(of: code.code(for: message) + payload)
    }
}

/// How a row is hashed: every part by its length, so that no two rows have the same bytes.
enum LedgerHashing {
    static func hash(of row: LedgerRow) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        append(text: row.stream, to: &bytes)
        append(row.sequence, to: &bytes)
        append(row.occurredAt.secondsSinceEpoch, to: &bytes)
        append(row.decidedAt.secondsSinceEpoch, to: &bytes)
        append(row.drop ?? -1, to: &bytes)
        append(Int64(row.entry ?? -1), to: &bytes)
        append(text: row.kind, to: &bytes)
        append(text: row.subject, to: &bytes)
        append(Int64(row.patient == nil ? 0 : 1), to: &bytes)
        append(text: row.patient ?? "", to: &bytes)
        append(text: row.configuration, to: &bytes)
        bytes.append(contentsOf: row.payloadHash)
        bytes.append(contentsOf: row.previousHash)
        return SHA256.digest(of: bytes)
    }

    static func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(text: String, to bytes: inout [UInt8]) {
        append(Int64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }
}

/// What the payload of an event says.
enum LedgerPayload {
    /// The entities written, by kind and id.
    static func writes(in payload: JSON) -> [(kind: String, id: String)] {
        images(in: payload).map { ($0.kind, $0.id) }
    }

    /// The entities written, with their after-images; a secret one has none.
    static func images(in payload: JSON) -> [(kind: String, id: String, image: JSON?)] {
        guard case .object(let members) = payload, case .array(let writes)? = members["writes"] else { return [] }
        return writes.compactMap { write in
            guard case .object(let members) = write, case .string(let kind)? = members["entity"],
                case .string(let id)? = members["id"]
            else { return nil }
            return (kind, id, members["image"])
        }
    }
}

/// The ledger: what happened, each row chained to the one before.
extension Unit {
    /// How long the ledger is and how it ends.
    package func head() throws -> LedgerHead {
        if let knownHead { return knownHead }
        let row = try database.row(
            "SELECT sequence, hash FROM ledger WHERE stream = ? ORDER BY sequence DESC LIMIT 1",
            [.text(LedgerKey.stream)])
        let head =
            row.map { LedgerHead(length: $0["sequence"], hash: $0.requiredBytes("hash")) }
            ?? LedgerHead(length: 0, hash: [UInt8](repeating: 0, count: 32))
        knownHead = head
        return head
    }

    /// Appends the row of a rejection: codes and places alone, as canonical JSON.
    @discardableResult
    package func appendRejection(subject: Key, patient: MRN? = nil, at occurredAt: Instant, payload: [UInt8]) throws
        -> Int64
    {
        try append(
            kind: "entry.rejected", subject: subject, patient: patient, occurredAt: occurredAt, payload: payload)
    }

    /// Appends a row that changes no entity: a configuration taken into use, an operator's decision.
    @discardableResult
    package func appendNote(
        kind: String, subject: Key, patient: MRN? = nil, at occurredAt: Instant, payload: [UInt8]
    ) throws -> Int64 {
        try append(kind: kind, subject: subject, patient: patient, occurredAt: occurredAt, payload: payload)
    }

    func append(kind: String, subject: Key, patient: MRN?, occurredAt: Instant, payload: [UInt8]) throws -> Int64 {
        let head = try head()
        let sequence = head.length + 1
        let stream = LedgerKey.stream
        let payloadHash = ledgerKey.payloadHash(stream: stream, sequence: sequence, payload: payload)
        let unhashed = LedgerRow(
            stream: stream, sequence: sequence, occurredAt: occurredAt, decidedAt: context.now, drop: context.drop,
            entry: context.entry, kind: kind, subject: subject.rawValue, patient: patient?.rawValue,
            configuration: context.configuration, payloadHash: payloadHash, previousHash: head.hash, hash: [],
            payload: payload)
        let hash = LedgerHashing.hash(of: unhashed)
        try database.run(
            """
            INSERT INTO ledger (stream, sequence, occurred_at, decided_at, drop_number, entry, kind, subject, patient, \
            configuration, payload_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(stream), .integer(sequence), .of(occurredAt), .of(context.now), .of(context.drop),
                .of(context.entry), .text(kind), .of(subject), .of(patient), .text(context.configuration),
                .blob(payloadHash), .blob(head.hash), .blob(hash),
            ])
        try database.run(
            "INSERT INTO ledger_payload (stream, sequence, payload) VALUES (?, ?, ?)",
            [.text(stream), .integer(sequence), .blob(payload)])
        knownHead = LedgerHead(length: sequence, hash: hash)
        return sequence
    }

    /// Erases the payload of a row, as a row already in the ledger says: the chain still verifies.
    ///
    /// What it wrote is kept by kind and id alone, so that the tables can still be compared.
    package func erasePayload(of sequence: Int64, by erasure: Int64) throws {
        let place: [SQLValue] = [.text(LedgerKey.stream), .integer(sequence)]
        let row = try database.row("SELECT payload FROM ledger_payload WHERE stream = ? AND sequence = ?", place)
        guard let payload = row?.bytes("payload") else { throw RecordsFault.missing("payload of row \(sequence)") }
        for (kind, id) in LedgerPayload.writes(in: try JSONReading.tree(of: payload)) {
            try database.run(
                "INSERT INTO ledger_erased_write (stream, sequence, entity, id) VALUES (?, ?, ?, ?)",
                place + [.text(kind), .text(id)])
        }
        try database.run(
            "UPDATE ledger_payload SET payload = NULL, erased_by = ? WHERE stream = ? AND sequence = ?",
            [.integer(erasure)] + place)
    }

    /// Rows of the ledger, the oldest first.
    package func ledger(_ question: LedgerQuestion) throws -> [LedgerRow] {
        let select = "SELECT ledger.*, payload FROM ledger LEFT JOIN ledger_payload USING (stream, sequence) WHERE "
        let (condition, values): (String, [SQLValue]) =
            switch question {
            case .subject(let key): ("subject = ? ORDER BY sequence", [.of(key)])
            case .patient(let mrn): ("patient = ? ORDER BY sequence", [.of(mrn)])
            case .drop(let number): ("drop_number = ? ORDER BY sequence", [.integer(number)])
            case .entry(let drop, let entry):
                ("drop_number = ? AND entry = ? ORDER BY sequence", [.integer(drop), .of(entry)])
            case .after(let sequence, let limit):
                ("sequence > ? ORDER BY sequence LIMIT ?", [.integer(sequence), .of(limit)])
            }
        return try database.rows(select + condition, values).map(LedgerRow.init(row:))
    }
}

extension LedgerRow {
    init(row: Row) throws {
        self.init(
            stream: row["stream"], sequence: row["sequence"], occurredAt: try row.requiredInstant("occurred_at"),
            decidedAt: try row.requiredInstant("decided_at"), drop: row["drop_number"], entry: row["entry"],
            kind: row["kind"], subject: row["subject"], patient: row["patient"], configuration: row["configuration"],
            payloadHash: row.requiredBytes("payload_hash"), previousHash: row.requiredBytes("previous_hash"),
            hash: row.requiredBytes("hash"), payload: row.bytes("payload"))
    }
}
