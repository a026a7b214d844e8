import Clinic

/// An entity with a table of its own: its properties in snake case are the columns, lists and structures as JSON text.
protocol StoredEntity: ClinicEntity {
    static var table: String { get }
    /// What a lookup asks for, in SQL; it may let too many through, `matches` has the last word.
    static func condition(for lookup: Lookup) -> Condition
}

/// A WHERE clause and its values.
struct Condition {
    var sql: String
    var values: [SQLValue]

    init(_ sql: String, _ values: SQLValue...) {
        self.sql = sql
        self.values = values
    }
}

/// All that is kept, in an order in which every row comes after those it refers to.
enum Registry {
    static let all: [any StoredEntity.Type] = [
        Patient.self, Registration.self, PatientAccount.self, Credential.self, PossibleDuplicate.self,
        Consultation.self, ProcedurePlan.self, Consent.self, ConsentSnapshot.self, Requirement.self, Clearance.self,
        SurgicalCase.self, Booking.self, Recall.self, InventoryLot.self, SerialUnit.self, StockMovement.self,
        Reservation.self, Incident.self, Bill.self, BillDue.self, Discount.self, Payment.self, RecordsRequest.self,
    ]

    static let schema = [
        SchemaText.registration, SchemaText.consultation, SchemaText.plan, SchemaText.consent, SchemaText.preOp,
        SchemaText.surgicalCase, SchemaText.inventory, SchemaText.billing,
    ]

    private static let ranks = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.kind, $0) })

    static func type(of kind: String) throws -> (rank: Int, type: any StoredEntity.Type) {
        guard let rank = ranks[kind] else { throw RecordsFault.unknownEntity(kind) }
        return (rank, all[rank])
    }
}
