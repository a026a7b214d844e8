import Clinic
import Foundation
import GRDB

/// A value on its way into a column.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    static func of(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func of(_ number: Int?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }
    static func of(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
    static func of(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
    static func of(_ bytes: [UInt8]?) -> SQLValue { bytes.map { .blob($0) } ?? .null }
    static func of(_ instant: Instant?) -> SQLValue { instant.map { .text($0.description) } ?? .null }
    static func of(_ name: (some Identifier)?) -> SQLValue { name.map { .text($0.rawValue) } ?? .null }
    /// An unsigned number by its bits: SQLite has only signed ones.
    static func bits(of number: UInt64) -> SQLValue { .integer(Int64(bitPattern: number)) }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }
}

extension Database {
    /// Runs a statement that is prepared once for the connection.
    func run(_ sql: String, _ values: [SQLValue] = []) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(values.map(\.databaseValue)))
    }

    /// The rows that a statement prepared once for the connection gives.
    func rows(_ sql: String, _ values: [SQLValue] = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(values.map(\.databaseValue)))
    }

    func row(_ sql: String, _ values: [SQLValue] = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(values.map(\.databaseValue)))
    }

    func number(_ sql: String, _ values: [SQLValue] = []) throws -> Int64? {
        try row(sql, values)?[0]
    }
}

extension Row {
    func bytes(_ column: String) -> [UInt8]? { (self[column] as Data?).map { [UInt8]($0) } }

    func requiredBytes(_ column: String) -> [UInt8] { bytes(column) ?? [] }

    func instant(_ column: String) throws -> Instant? {
        guard let text: String = self[column] else { return nil }
        guard let instant = Instant(text, zone: nil) else {
            throw RecordsFault.unreadable(table: column, id: text, reason: "not a time")
        }
        return instant
    }

    func requiredInstant(_ column: String) throws -> Instant {
        guard let instant = try instant(column) else { throw RecordsFault.missing("time in \(column)") }
        return instant
    }

    /// A value of an enumeration by its raw text.
    func choice<Choice: RawRepresentable<String>>(_ column: String, as type: Choice.Type = Choice.self) throws -> Choice
    {
        let text: String = self[column]
        guard let choice = Choice(rawValue: text) else {
            throw RecordsFault.unreadable(table: column, id: text, reason: "not a known value")
        }
        return choice
    }
}
