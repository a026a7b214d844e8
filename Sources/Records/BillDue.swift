import Clinic

extension BillDue: StoredEntity {
    static let table = "bill_due"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .open: Condition("state = 'OPEN'")
        }
    }
}

extension SchemaText {
    /// Cases that are over and wait for their bills.
    static let billDue =
        """
        CREATE TABLE bill_due (
            id TEXT PRIMARY KEY, surgical_case TEXT NOT NULL REFERENCES surgical_case (id) CHECK (surgical_case = id),
            mrn TEXT NOT NULL REFERENCES patient (id), ended_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('OPEN', 'DONE'))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bill_due_open ON bill_due (id) WHERE state = 'OPEN';

        """
}
