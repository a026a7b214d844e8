package import Clinic

/// The operating list of one theater and day, in versions; each says what changed since the last.
package enum TheaterList {
    /// The files of a version: as text and as CSV, under its own name and as the current one.
    ///
    /// `previous` are the model's bytes of the version before: its number is followed by the next, and where its rows
    /// are those of now there is no new version, since a list that says nothing new is noise on the wall.
    package static func model(
        theater: TheaterID, date: CalendarDate, version: Int, state: any ClinicState, catalog: Catalog, now: Instant,
        sequence: Int64, previous: [UInt8]? = nil
    ) throws -> [DocumentModel] {
        let list = TheaterDay(theater: theater, date: date, catalog: catalog, state: state)
        let before = try previous.map { try TheaterListModel(thawing: $0) }
        let rows = try list.rows()
        if rows == before?.rows ?? [] { return [] }
        let version = before.map { $0.version + 1 } ?? version
        let name = "\(fileName(of: theater))-v\(Digits.padded(version, 2))"
        let model = TheaterListModel(
            letterhead: Letterhead(catalog.clinic),
            origin: Origin(number: "\(date)/\(name)", madeAt: now, sequence: sequence, zone: catalog.zone),
            theater: theater.rawValue, theaterName: catalog.theaters[theater]?.name ?? theater.rawValue,
            date: date.description, weekday: date.weekday, version: version, previousVersion: before?.version,
            rows: rows, changes: try before.map { try list.changes(from: $0.rows, to: rows) } ?? [])
        let folder = "theater/\(date)"
        let current = "\(fileName(of: theater))-current"
        return [
            try model.document(.theaterText, in: folder, named: "\(name).txt"),
            try model.document(.theaterTable, in: folder, named: "\(name).csv"),
            try model.document(.theaterText, in: folder, named: "\(current).txt", replaces: true),
            try model.document(.theaterTable, in: folder, named: "\(current).csv", replaces: true),
        ]
    }

    /// The theater's id with only what every file system takes.
    private static func fileName(of theater: TheaterID) -> String {
        let bytes = theater.rawValue.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                byte
            default: UInt8(ascii: "-")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// All that one version of an operating list prints.
struct TheaterListModel: FrozenModel {
    struct Row: Codable, Hashable, Sendable {
        var surgicalCase: String
        var start: String
        var end: String
        var minutes: Int
        var state: String
        var mrn: String
        var name: String
        var familyName: String
        var givenName: String
        var birthDate: String
        var age: Int?
        var sex: String
        /// Name and side, side empty where the site is not paired.
        var procedures: [Procedure]
        var surgeon: String
        var anesthetist: String?
        var anesthesia: String
        var asaClass: String?
        var allergies: String
        var items: [String]
        var equipment: [String]
        var consent: String
        var clearance: String
        var remarks: [String]
    }

    struct Procedure: Codable, Hashable, Sendable {
        var name: String
        var side: String
    }

    /// What became of one case since the last version.
    struct Change: Codable, Hashable, Sendable {
        enum Kind: String, Codable, Sendable {
            case added = "ADDED"
            case removed = "REMOVED"
            case moved = "MOVED"
            case changed = "CHANGED"
        }

        var kind: Kind
        var surgicalCase: String
        var text: String
    }

    let letterhead: Letterhead
    let origin: Origin
    let theater: String
    let theaterName: String
    let date: String
    let weekday: Int
    let version: Int
    let previousVersion: Int?
    let rows: [Row]
    let changes: [Change]
}
