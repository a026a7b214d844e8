/// The schema refused what the rules had accepted: a fault of the program, or bare SQL at work.
package struct SchemaRefusal: Error, CustomStringConvertible {
    /// What the database said, such as the sentence of a trigger.
    package let message: String

    package init(message: String) { self.message = message }

    package var description: String { "the database refused: \(message)" }
}

/// What cannot be: the database does not hold what the program needs of it.
package enum RecordsFault: Error, CustomStringConvertible {
    /// An entity that Records does not keep.
    case unknownEntity(String)
    /// A property of an entity without a column in its table.
    case unknownColumn(table: String, column: String)
    /// A row that cannot be read as what it should be.
    case unreadable(table: String, id: String, reason: String)
    /// A row that is not there and must be.
    case missing(String)
    /// The database was written by a later version of the program.
    case newerSchema(path: String)
    /// No database lies at the path.
    case noDatabase(path: String)

    package var description: String {
        switch self {
        case .unknownEntity(let kind): "records keep no entity of the kind \(kind)"
        case .unknownColumn(let table, let column): "the table \(table) has no column \(column)"
        case .unreadable(let table, let id, let reason): "the row \(id) of \(table) cannot be read: \(reason)"
        case .missing(let what): "the database has no \(what)"
        case .newerSchema(let path): "the database \(path) was written by a later version of Suture"
        case .noDatabase(let path): "there is no database at \(path)"
        }
    }
}
