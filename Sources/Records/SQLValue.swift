import Clinic
import Foundation
import GRDB
import GRDBSQLite

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
    static func of(_ instant: Instant?) -> SQLValue { instant.map { .text(InstantText.text(of: $0)) } ?? .null }
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

extension SQLValue {
    /// Binds the value to a place of a prepared statement; SQLite takes a copy.
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(statement, place)
        case .integer(let number): return sqlite3_bind_int64(statement, place, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text64(
                        statement, place, characters.baseAddress, UInt64(characters.count), copies, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
            return bytes.withUnsafeBytes { buffer in
                sqlite3_bind_blob64(statement, place, buffer.baseAddress, UInt64(buffer.count), copies)
            }
        }
    }
}

extension Database {
    /// Runs a statement that is prepared once for the connection, its values bound by hand: the bulk path.
    func run(_ sql: String, _ values: [SQLValue] = []) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        sqlite3_reset(statement)
        for (position, value) in values.enumerated() {
            let code = value.bind(to: statement, at: Int32(position + 1))
            guard code == SQLITE_OK else { throw fault(code, sql) }
        }
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else {
            let fault = fault(code, sql)
            sqlite3_reset(statement)
            throw fault
        }
        sqlite3_reset(statement)
    }

    private func fault(_ code: Int32, _ sql: String) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
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
